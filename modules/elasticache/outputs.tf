output "replication_group_id" {
  description = "Identifier of the replication group."
  value       = aws_elasticache_replication_group.this.id
}

output "arn" {
  description = "ARN of the replication group."
  value       = aws_elasticache_replication_group.this.arn
}

output "endpoint" {
  description = "Host name of the primary."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "reader_endpoint" {
  description = "Host name that spreads reads over the replicas."
  value       = aws_elasticache_replication_group.this.reader_endpoint_address
}

output "port" {
  description = "TCP port of the cache."
  value       = local.port
}

output "username" {
  description = "Name of the application's user."
  value       = var.username
}

output "secret_arn" {
  description = "ARN of the secret with the application's `username` and `password`, as JSON."
  value       = local.secret_arn
}

output "secret_name" {
  description = "Name of that secret; null where secret_arn was given."
  value       = one(aws_secretsmanager_secret.this[*].name)
}

output "security_group_id" {
  description = "ID of the cache's security group."
  value       = aws_security_group.this.id
}
