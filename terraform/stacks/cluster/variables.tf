variable "name" {
  description = "Name of the cluster."
  type        = string
  default     = "apps"
}

variable "network" {
  description = "Name of the cluster's network."
  type        = string
  default     = "main"
}

variable "nodes" {
  description = "Number of nodes."
  type        = number
  default     = 2
}

variable "size" {
  description = "Size of a node."
  type        = string
  default     = "small"
}
