terraform {
  required_version = ">= 1.6"

  required_providers {
    temporalcloud = {
      source  = "temporalio/temporalcloud"
      version = ">= 0.3.0"
    }
    random = {
      source  = "hashicorp/random"
      version = ">= 3.5.0"
    }
  }

  # Where the state is comes from the catalog (`backend`).
  backend "local" {}
}

# The API key is read from TEMPORAL_CLOUD_API_KEY, which the catalog requires: it is no variable, so it stands
# in no plan, no state and no history.
provider "temporalcloud" {
  endpoint       = var.endpoint
  allow_insecure = var.allow_insecure
}
