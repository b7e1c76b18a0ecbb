# A private bucket, and an SSM parameter with its name for other stacks.

resource "aws_s3_bucket" "files" {
  bucket = var.name
}

resource "aws_s3_bucket_public_access_block" "files" {
  bucket = aws_s3_bucket.files.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_ssm_parameter" "bucket" {
  name           = "/quarterdeck/${var.name}/bucket"
  type           = "String"
  insecure_value = aws_s3_bucket.files.bucket
}
