terraform {
  required_version = ">= 1.6"

  # Where the state is comes from the catalog (`backend`).
  backend "local" {}
}
