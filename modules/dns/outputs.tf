output "zone_id" {
  description = "ID of the zone."
  value       = aws_route53_zone.this.zone_id
}

output "zone_arn" {
  description = "ARN of the zone."
  value       = aws_route53_zone.this.arn
}

output "domain_name" {
  description = "Name of the zone."
  value       = aws_route53_zone.this.name
}

output "name_servers" {
  description = "Name servers to enter at the registrar or in the parent zone."
  value       = aws_route53_zone.this.name_servers
}

output "ds_record" {
  description = "DS record to enter at the registrar or in the parent zone; null without DNSSEC."
  value       = one(aws_route53_key_signing_key.this[*].ds_record)
}
