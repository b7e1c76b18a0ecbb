variable "environment" {
  description = "Where this runs: preview or production."
  type        = string
}

variable "image" {
  description = "The image that was built from this commit; empty when none is built."
  type        = string
  default     = ""
}

variable "commit" {
  description = "The commit that is deployed."
  type        = string
}

variable "replicas" {
  description = "How many copies of the service run."
  type        = number
  default     = 3
}

variable "database_version" {
  description = "Major version of the database. Another one means another database."
  type        = string
  default     = "17"
}

variable "session_key" {
  description = "Signs the visitors' cookies. Set TF_VAR_session_key where it is for real."
  type        = string
  sensitive   = true
  default     = "correct-horse-battery-staple"
}
