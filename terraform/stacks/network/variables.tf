variable "name" {
  description = "Name of the network."
  type        = string
  default     = "main"
}

variable "cidr" {
  description = "Addresses of the whole network."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 8, 5))
    error_message = "The network needs room for six subnets: a CIDR such as 10.20.0.0/16."
  }
}

variable "zones" {
  description = "How many zones get a subnet."
  type        = number
  default     = 3

  validation {
    condition     = var.zones >= 1 && var.zones <= 6
    error_message = "Between one and six zones."
  }
}
