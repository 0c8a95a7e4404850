output "topic_arn" {
  description = "ARN of the topic that alarms, budgets and RDS events notify."
  value       = aws_sns_topic.this.arn
}

output "log_group_names" {
  description = "Full names of the log groups by their short names."
  value       = { for name, group in aws_cloudwatch_log_group.this : name => group.name }
}

output "log_group_arns" {
  description = "ARNs of the log groups by their short names."
  value       = { for name, group in aws_cloudwatch_log_group.this : name => group.arn }
}

output "alarm_arns" {
  description = "ARNs of the alarms by what they watch."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.arn }
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}
