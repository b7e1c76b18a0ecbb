output "bucket" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.files.bucket
}

output "parameter" {
  description = "Where others find its name."
  value       = aws_ssm_parameter.bucket.name
}
