output "bucket_name" {
  description = "Name of the bucket for the ledger's exports."
  value       = module.bucket.bucket_name
}

output "bucket_arn" {
  description = "ARN of that bucket."
  value       = module.bucket.bucket_arn
}

output "vault_name" {
  description = "Name of the backup vault."
  value       = aws_backup_vault.this.name
}

output "vault_arn" {
  description = "ARN of the backup vault."
  value       = aws_backup_vault.this.arn
}

output "plan_id" {
  description = "ID of the backup plan."
  value       = aws_backup_plan.this.id
}

output "role_arn" {
  description = "ARN of the role with which AWS Backup saves and restores."
  value       = aws_iam_role.this.arn
}
