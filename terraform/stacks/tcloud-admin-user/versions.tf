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

  # The catalog sets the location of the state (`backend`).
  backend "local" {}
}

# The provider reads the API key from TEMPORAL_CLOUD_API_KEY, which the catalog requires. The key is not a variable, so
# no plan, state or history contains it.
provider "temporalcloud" {
  endpoint       = var.endpoint
  allow_insecure = var.allow_insecure
}
