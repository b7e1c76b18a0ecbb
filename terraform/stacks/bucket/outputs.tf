output "bucket" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.files.bucket
}

output "parameter" {
  description = "SSM parameter with the name of the bucket."
  value       = aws_ssm_parameter.bucket.name
}
