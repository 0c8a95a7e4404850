output "bucket_name" {
  description = "Name of the state bucket."
  value       = aws_s3_bucket.this.id
}

output "bucket_arn" {
  description = "ARN of the state bucket."
  value       = aws_s3_bucket.this.arn
}

output "access_log_bucket_name" {
  description = "Name of the bucket that holds the state bucket's access logs."
  value       = module.access_logs.bucket_name
}

output "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the states."
  value       = aws_kms_key.this.arn
}
