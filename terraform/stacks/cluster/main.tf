# Depends on the stack `network`: in the catalog, and by its name here.

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
