variable "email" {
  description = "Email of the user."
  type        = string
  default     = "grace@example.com"
}
