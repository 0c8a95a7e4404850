output "instance_id" {
  description = "Identifier of the instance."
  value       = aws_db_instance.this.identifier
}

output "instance_arn" {
  description = "ARN of the instance, for backups."
  value       = aws_db_instance.this.arn
}

output "resource_id" {
  description = "Identifier that IAM database authentication names (`rds-db:connect`)."
  value       = aws_db_instance.this.resource_id
}

output "endpoint" {
  description = "Host name of the database."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "TCP port of the database."
  value       = aws_db_instance.this.port
}

output "database_name" {
  description = "Name of the database."
  value       = aws_db_instance.this.db_name
}

output "master_username" {
  description = "Name of the administrator."
  value       = aws_db_instance.this.username
}

output "master_user_secret_arn" {
  description = "ARN of the secret in which RDS keeps the administrator's name and password."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "security_group_id" {
  description = "ID of the database's security group."
  value       = aws_security_group.this.id
}

output "log_group_names" {
  description = "Names of the log groups that receive the exported logs."
  value       = { for type, group in aws_cloudwatch_log_group.this : type => group.name }
}

output "alarm_arns" {
  description = "ARNs of the alarms by what they watch."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.arn }
}
