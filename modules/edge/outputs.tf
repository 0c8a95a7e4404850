output "certificate_arn" {
  description = "ARN of the validated certificate (annotation `alb.ingress.kubernetes.io/certificate-arn`)."
  value       = aws_acm_certificate_validation.this.certificate_arn
}

output "web_acl_arn" {
  description = "ARN of the web ACL (annotation `alb.ingress.kubernetes.io/wafv2-acl-arn`)."
  value       = aws_wafv2_web_acl.this.arn
}

output "security_group_id" {
  description = "ID of the load balancer's security group (annotation `alb.ingress.kubernetes.io/security-groups`)."
  value       = aws_security_group.this.id
}

output "access_log_bucket_name" {
  description = "Name of the bucket for access logs (`access_logs.s3.bucket` in the annotation `alb.ingress.kubernetes.io/load-balancer-attributes`, without a prefix)."
  value       = module.access_logs.bucket_name
}

output "domain_name" {
  description = "Name under which the service is reached."
  value       = var.domain_name
}

output "waf_log_group_name" {
  description = "Name of the log group that receives what WAF decides."
  value       = aws_cloudwatch_log_group.waf.name
}
