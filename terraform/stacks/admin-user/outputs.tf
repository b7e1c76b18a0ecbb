output "user_id" {
  description = "ID of the user."
  value       = terraform_data.temporalcloud_user.id
}
