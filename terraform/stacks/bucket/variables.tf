variable "name" {
  description = "Name of the bucket."
  type        = string
  default     = "quarterdeck-files"
}

variable "region" {
  description = "Where the bucket is."
  type        = string
  default     = "us-east-1"
}

variable "emulated" {
  description = "Whether AWS_ENDPOINT_URL names an emulated AWS, such as LocalStack."
  type        = bool
  default     = false
}
