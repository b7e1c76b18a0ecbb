output "network_id" {
  description = "Id of the network."
  value       = terraform_data.network.id
}
