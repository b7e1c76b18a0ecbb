output "namespace_id" {
  description = "ID of the namespace."
  value       = temporalcloud_namespace.main.id
}

output "namespace_name" {
  description = "Name of the namespace."
  value       = temporalcloud_namespace.main.name
}

output "namespace_endpoints" {
  description = "Endpoints of the namespace."
  value       = temporalcloud_namespace.main.endpoints
}

output "client_certificate" {
  description = "Client certificate in PEM format."
  value       = tls_self_signed_cert.ca.cert_pem
  sensitive   = true
}

output "private_key" {
  description = "Private key of the client certificate in PEM format."
  value       = tls_private_key.ca.private_key_pem
  sensitive   = true
}
