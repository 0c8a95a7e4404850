output "repository_urls" {
  description = "URLs of the repositories by their short names."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}

output "repository_arns" {
  description = "ARNs of the repositories by their short names."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.arn }
}

output "registry_id" {
  description = "Account number of the registry."
  value       = data.aws_caller_identity.this.account_id
}
