output "network_id" {
  description = "Id of the network."
  value       = terraform_data.vpc.id
}

output "subnets" {
  description = "The subnets' addresses."
  value       = join(", ", [for subnet in terraform_data.subnet : subnet.output.cidr])
}

output "vpn_key" {
  description = "Key of the way in."
  value       = terraform_data.vpn_key.output
  sensitive   = true
}
