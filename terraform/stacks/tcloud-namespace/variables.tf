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
  description = "The namespace's name begins with it."
  type        = string
  default     = "quarterdeck"
}

variable "region" {
  description = "Where the namespace is."
  type        = string
  default     = "aws-us-west-2"
}

variable "retention_days" {
  description = "How long closed workflows are kept."
  type        = number
  default     = 14
}
