# An admin of the whole account. This violates the policy softly: an approver must give a reason.

resource "random_id" "suffix" {
  byte_length = 4
}

resource "temporalcloud_user" "global_admin" {
  email          = "${var.prefix}-terraform-demo-${random_id.suffix.hex}@${var.domain}"
  account_access = "admin"
}
