terraform {
  required_version = ">= 1.6"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }

  # The catalog sets the location of the state (`backend`): bucket, key, region.
  backend "s3" {
    use_lockfile = true
  }
}

# AWS_ENDPOINT_URL selects an emulated AWS. The real AWS needs only credentials.
provider "aws" {
  region                      = var.region
  s3_use_path_style           = var.emulated
  skip_requesting_account_id  = var.emulated
  skip_credentials_validation = var.emulated
  skip_metadata_api_check     = var.emulated
}
