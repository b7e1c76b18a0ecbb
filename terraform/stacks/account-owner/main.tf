# A simulated owner of a Temporal Cloud account, as in the stack `admin-user`. The policy forbids it.

resource "terraform_data" "temporalcloud_user" {
  input = {
    email          = var.email
    account_access = "owner"
  }
}
