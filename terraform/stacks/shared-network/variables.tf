variable "name" {
  description = "Name of the network."
  type        = string
  default     = "shared"
}

variable "cidr" {
  description = "Address range of the network."
  type        = string
  default     = "10.30.0.0/16"
}
