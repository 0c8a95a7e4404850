output "role_arns" {
  description = "ARNs of the roles: application, fluent_bit, external_secrets, load_balancer_controller, cluster_autoscaler."
  value       = { for name, role in aws_iam_role.this : name => role.arn }
}

output "service_accounts" {
  description = "Namespace and name of the service account that gets each role, for the charts' values."
  value       = var.service_accounts
}
