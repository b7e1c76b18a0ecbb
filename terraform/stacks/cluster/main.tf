# Depends on the stack `network`: the catalog says so, and `var.network` has its name.

resource "terraform_data" "cluster" {
  input = {
    name    = var.name
    network = var.network
  }
}

resource "terraform_data" "node" {
  count = var.nodes

  input = {
    cluster = terraform_data.cluster.id
    size    = var.size
  }
}
