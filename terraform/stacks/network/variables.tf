variable "name" {
  description = "Name of the network."
  type        = string
  default     = "main"
}

variable "cidr" {
  description = "Address range of the network."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 8, 5))
    error_message = "The CIDR is too small for six subnets. Use one such as 10.20.0.0/16."
  }
}

variable "zones" {
  description = "Number of zones with a subnet."
  type        = number
  default     = 3

  validation {
    condition     = var.zones >= 1 && var.zones <= 6
    error_message = "The number of zones must be between 1 and 6."
  }
}
