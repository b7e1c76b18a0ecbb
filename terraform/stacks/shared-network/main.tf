# As `network`, built in and applied on any machine, but with its state behind an address: any server that
# answers GET and POST, so that a plan can meet a server that is away.

resource "terraform_data" "network" {
  input = {
    name = var.name
    cidr = var.cidr
  }
}
