# An admin of a Temporal Cloud account, as it would be: the built-in `terraform_data` stands in for
# `temporalcloud_user`, so that everybody can see what the policy makes of it. It objects softly.

resource "terraform_data" "temporalcloud_user" {
  input = {
    email          = var.email
    account_access = "admin"
  }
}
