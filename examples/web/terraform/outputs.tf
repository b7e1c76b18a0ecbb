output "url" {
  description = "Where the service is found."
  value       = "https://${var.environment}.web.example.com"
}

output "replicas" {
  description = "How many copies run."
  value       = terraform_data.service.output.replicas
}
