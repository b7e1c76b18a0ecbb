variable "endpoint" {
  description = "Address of the Temporal Cloud API."
  type        = string
  default     = "saas-api.tmprl.cloud:443"
}

variable "allow_insecure" {
  description = "Connect to the API without TLS. For tests only."
  type        = bool
  default     = false
}

variable "prefix" {
  description = "Prefix of the user's email."
  type        = string
  default     = "quarterdeck"
}

variable "domain" {
  description = "Domain of the user's email."
  type        = string
  default     = "example.com"
}
