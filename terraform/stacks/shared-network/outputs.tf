output "network_id" {
  description = "ID of the network."
  value       = terraform_data.network.id
}
