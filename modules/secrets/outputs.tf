output "secret_arns" {
  description = "ARNs of the secrets by name."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}

output "secret_names" {
  description = "Full names of the secrets by name, as an ExternalSecret refers to them."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.name }
}
