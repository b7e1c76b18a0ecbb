terraform {
  required_version = ">= 1.6"

  # The address of the state comes from the catalog (`backend`).
  backend "http" {}
}
