variable "name" {
  description = "Name of the cluster."
  type        = string
  default     = "apps"
}

variable "network" {
  description = "Name of the network that the cluster is in."
  type        = string
  default     = "main"
}

variable "nodes" {
  description = "How many nodes it has."
  type        = number
  default     = 2
}

variable "size" {
  description = "Size of a node."
  type        = string
  default     = "small"
}
