terraform {
  required_version = ">= 1.6"

  # The catalog sets the address of the state (`backend`).
  backend "http" {}
}
