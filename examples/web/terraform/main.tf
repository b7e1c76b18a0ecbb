# Each terraform_data stands for something that a cloud would run.

locals {
  networks = { preview = "10.20.0.0/16", production = "10.10.0.0/16" }
}

resource "terraform_data" "network" {
  input = {
    cidr_block       = lookup(local.networks, var.environment, "10.99.0.0/16")
    internet_gateway = true
  }
}

resource "terraform_data" "database" {
  input = {
    engine              = "postgres"
    version             = var.database_version
    network             = terraform_data.network.id
    deletion_protection = var.environment == "production"
  }

  triggers_replace = [var.database_version]
}

resource "terraform_data" "cache" {
  input = {
    engine  = "valkey"
    network = terraform_data.network.id
  }
}

resource "terraform_data" "session_key" {
  input = var.session_key
}

resource "terraform_data" "service" {
  input = {
    environment = var.environment
    image       = var.image
    commit      = var.commit
    replicas    = var.replicas
    database    = terraform_data.database.id
    key_version = sha256(terraform_data.session_key.id)
  }
}

check "enough_replicas" {
  assert {
    condition     = var.environment != "production" || var.replicas >= 2
    error_message = "Production should have at least two replicas."
  }
}
