locals {
  query_log_count      = var.query_log_retention_days == null ? 0 : 1
  query_log_group_name = "/aws/route53/${var.domain_name}"
}

resource "aws_cloudwatch_log_group" "queries" {
  count = local.query_log_count

  #checkov:skip=CKV_AWS_338:The retention is the caller's choice.
  name              = local.query_log_group_name
  retention_in_days = var.query_log_retention_days
  kms_key_id        = var.query_log_kms_key_arn

  lifecycle {
    precondition {
      condition     = data.aws_region.this.name == "us-east-1"
      error_message = "query_log_retention_days needs a provider in us-east-1: Route 53 writes its query log there only."
    }
  }
}

resource "aws_cloudwatch_log_resource_policy" "queries" {
  count = local.query_log_count

  policy_name = "route53-${replace(var.domain_name, ".", "-")}"

  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "route53.amazonaws.com" }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "arn:${data.aws_partition.this.partition}:logs:us-east-1:${data.aws_caller_identity.this.account_id}:log-group:${local.query_log_group_name}:*"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.this.account_id } }
    }]
  })
}

resource "aws_route53_query_log" "this" {
  count = local.query_log_count

  zone_id                  = aws_route53_zone.this.zone_id
  cloudwatch_log_group_arn = aws_cloudwatch_log_group.queries[0].arn

  depends_on = [aws_cloudwatch_log_resource_policy.queries]
}
