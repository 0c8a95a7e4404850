output "trail_arn" {
  description = "ARN of the trail."
  value       = aws_cloudtrail.this.arn
}

output "bucket_name" {
  description = "Name of the archive bucket."
  value       = module.bucket.bucket_name
}

output "bucket_arn" {
  description = "ARN of the archive bucket."
  value       = module.bucket.bucket_arn
}

output "log_group_name" {
  description = "Name of the log group that receives the trail's events."
  value       = aws_cloudwatch_log_group.this.name
}

output "alarm_arns" {
  description = "ARNs of the alarms by what they watch."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.arn }
}
