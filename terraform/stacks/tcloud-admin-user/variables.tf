variable "endpoint" {
  description = "Temporal Cloud's API."
  type        = string
  default     = "saas-api.tmprl.cloud:443"
}

variable "allow_insecure" {
  description = "Speak with the API in clear; for tests."
  type        = bool
  default     = false
}

variable "prefix" {
  description = "The user's address begins with it."
  type        = string
  default     = "quarterdeck"
}

variable "domain" {
  description = "The domain of the user's address."
  type        = string
  default     = "example.com"
}
