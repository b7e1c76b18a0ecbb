terraform {
  required_version = ">= 1.5"

  # The path of the state file comes with -backend-config, one for each environment.
  backend "local" {}
}
