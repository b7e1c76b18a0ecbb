terraform {
  required_version = ">= 1.6"

  # The catalog sets the location of the state (`backend`).
  backend "local" {}
}
