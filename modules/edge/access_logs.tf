locals {
  access_log_bucket_name = "${var.name}-edge-logs-${local.account_id}"
}

module "access_logs" {
  source = "../bucket"

  bucket_name                        = local.access_log_bucket_name
  expiration_days                    = var.access_log_retention_days
  noncurrent_version_expiration_days = 1
  force_destroy                      = var.force_destroy

  statements_json = jsonencode([{
    Sid       = "DeliverAccessLogs"
    Effect    = "Allow"
    Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "arn:${local.partition}:s3:::${local.access_log_bucket_name}/AWSLogs/${local.account_id}/*"
    Condition = {
      ArnLike = { "aws:SourceArn" = "arn:${local.partition}:elasticloadbalancing:${local.region}:${local.account_id}:loadbalancer/*" }
    }
  }])
}
