output "user_id" {
  description = "Id of the user."
  value       = temporalcloud_user.global_admin.id
}

output "user_state" {
  description = "Whether the invitation was taken."
  value       = temporalcloud_user.global_admin.state
}
