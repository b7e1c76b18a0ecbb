variable "name" {
  description = "Name of the bucket."
  type        = string
  default     = "quarterdeck-files"
}

variable "region" {
  description = "AWS region of the bucket."
  type        = string
  default     = "us-east-1"
}

variable "emulated" {
  description = "Set to true when AWS_ENDPOINT_URL names an emulated AWS, such as LocalStack."
  type        = bool
  default     = false
}
