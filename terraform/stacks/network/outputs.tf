output "network_id" {
  description = "ID of the network."
  value       = terraform_data.vpc.id
}

output "subnets" {
  description = "Address ranges of the subnets."
  value       = join(", ", [for subnet in terraform_data.subnet : subnet.output.cidr])
}

output "vpn_key" {
  description = "VPN key."
  value       = terraform_data.vpn_key.output
  sensitive   = true
}
