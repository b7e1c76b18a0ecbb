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
  description = "Prefix of the namespace's name."
  type        = string
  default     = "quarterdeck"
}

variable "region" {
  description = "Region of the namespace."
  type        = string
  default     = "aws-us-west-2"
}

variable "retention_days" {
  description = "Retention of closed workflows, in days."
  type        = number
  default     = 14
}
