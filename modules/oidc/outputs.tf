output "provider_arn" {
  description = "ARN of GitHub's identity provider."
  value       = aws_iam_openid_connect_provider.this.arn
}

output "role_arns" {
  description = "ARNs of the roles by name: what a workflow's `role-to-assume` takes."
  value       = { for name, role in aws_iam_role.this : name => role.arn }
}
