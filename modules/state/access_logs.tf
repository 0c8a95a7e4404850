module "access_logs" {
  source = "../bucket"

  bucket_name                        = "${var.bucket_name}-logs"
  expiration_days                    = var.access_log_retention_days
  noncurrent_version_expiration_days = 1
  force_destroy                      = var.force_destroy

  statements_json = jsonencode([{
    Sid       = "DeliverAccessLogs"
    Effect    = "Allow"
    Principal = { Service = "logging.s3.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "arn:${data.aws_partition.this.partition}:s3:::${var.bucket_name}-logs/state/*"
    Condition = {
      ArnEquals    = { "aws:SourceArn" = "arn:${data.aws_partition.this.partition}:s3:::${var.bucket_name}" }
      StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.this.account_id }
    }
  }])
}
