variable "email" {
  description = "Who it is."
  type        = string
  default     = "grace@example.com"
}
