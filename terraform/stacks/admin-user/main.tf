# A simulated admin of a Temporal Cloud account: the built-in `terraform_data` stands in for `temporalcloud_user`, so
# that the policy's soft violation can be tried without an account.

resource "terraform_data" "temporalcloud_user" {
  input = {
    email          = var.email
    account_access = "admin"
  }
}
