# A Temporal Cloud namespace with its own client certificate. Temporal bills it until it is destroyed.

resource "random_id" "suffix" {
  byte_length = 4
}

resource "tls_private_key" "ca" {
  algorithm = "RSA"
  rsa_bits  = 2048
}

resource "tls_self_signed_cert" "ca" {
  private_key_pem       = tls_private_key.ca.private_key_pem
  is_ca_certificate     = true
  validity_period_hours = 8760

  subject {
    common_name  = "example.com"
    organization = "ACME Examples, Inc"
  }

  allowed_uses = ["cert_signing", "client_auth", "digital_signature"]
}

resource "temporalcloud_namespace" "main" {
  name               = "${var.prefix}-terraform-demo-${random_id.suffix.hex}"
  regions            = [var.region]
  accepted_client_ca = base64encode(tls_self_signed_cert.ca.cert_pem)
  retention_days     = var.retention_days
}
