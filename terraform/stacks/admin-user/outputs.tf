output "user_id" {
  description = "Id of the user."
  value       = terraform_data.temporalcloud_user.id
}
