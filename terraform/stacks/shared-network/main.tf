# Like the stack `network`, but with its state on an HTTP server that answers GET and POST. With the server stopped,
# a plan meets an unavailable backend.

resource "terraform_data" "network" {
  input = {
    name = var.name
    cidr = var.cidr
  }
}
