output "namespace_id" {
  description = "Id of the namespace."
  value       = temporalcloud_namespace.main.id
}

output "namespace_name" {
  description = "Name of the namespace."
  value       = temporalcloud_namespace.main.name
}

output "namespace_endpoints" {
  description = "Where the namespace is reached."
  value       = temporalcloud_namespace.main.endpoints
}

output "client_certificate" {
  description = "The certificate that clients show, as PEM."
  value       = tls_self_signed_cert.ca.cert_pem
  sensitive   = true
}

output "private_key" {
  description = "Its private key, as PEM."
  value       = tls_private_key.ca.private_key_pem
  sensitive   = true
}
