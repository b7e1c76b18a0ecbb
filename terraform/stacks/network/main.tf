# A simulated network: `terraform_data` is built in, so every machine can apply this.

resource "terraform_data" "vpc" {
  input = {
    name = var.name
    cidr = var.cidr
  }
}

resource "terraform_data" "subnet" {
  count = var.zones

  input = {
    vpc  = terraform_data.vpc.id
    cidr = cidrsubnet(var.cidr, 8, count.index)
    zone = element(["a", "b", "c", "d", "e", "f"], count.index)
  }
}

resource "terraform_data" "vpn_key" {
  input = sha256("${terraform_data.vpc.id}-${var.name}")
}
