output "instance_id" {
  description = "ID of the instance, the target of `aws ssm start-session`."
  value       = aws_instance.this.id
}

output "security_group_id" {
  description = "ID of the bastion's security group: what databases and the API server let in."
  value       = aws_security_group.this.id
}

output "role_arn" {
  description = "ARN of the bastion's role."
  value       = aws_iam_role.this.arn
}

output "session_document_name" {
  description = "Name of the session document, which encrypts and records: `aws ssm start-session --document-name`."
  value       = aws_ssm_document.session.name
}

output "log_group_name" {
  description = "Name of the log group that receives the sessions' transcripts."
  value       = aws_cloudwatch_log_group.sessions.name
}
