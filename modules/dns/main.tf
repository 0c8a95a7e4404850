resource "aws_route53_zone" "this" {
  #checkov:skip=CKV2_AWS_38:Signing is switched on by dnssec_enabled, after which the parent zone needs the DS record: a signed zone without it does not resolve.
  #checkov:skip=CKV2_AWS_39:Queries are logged where query_log_retention_days is given.
  name          = var.domain_name
  comment       = "Public zone of ${var.domain_name}"
  force_destroy = var.force_destroy
}

# Only these authorities may issue certificates for names in the zone.
resource "aws_route53_record" "caa" {
  zone_id = aws_route53_zone.this.zone_id
  name    = var.domain_name
  type    = "CAA"
  ttl     = 3600
  records = [for authority in sort(var.certificate_authorities) : "0 issue \"${authority}\""]
}

resource "aws_route53_record" "delegation" {
  for_each = var.delegations

  zone_id = aws_route53_zone.this.zone_id
  name    = "${each.key}.${var.domain_name}"
  type    = "NS"
  ttl     = 3600
  records = each.value
}
