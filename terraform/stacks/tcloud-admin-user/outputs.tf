output "user_id" {
  description = "ID of the user."
  value       = temporalcloud_user.global_admin.id
}

output "user_state" {
  description = "State of the user, such as a pending invitation."
  value       = temporalcloud_user.global_admin.state
}
