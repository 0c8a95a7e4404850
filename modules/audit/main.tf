data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  account_id = data.aws_caller_identity.this.account_id
  partition  = data.aws_partition.this.partition
  region     = data.aws_region.this.name

  trail_name = var.name
  trail_arn  = "arn:${local.partition}:cloudtrail:${local.region}:${local.account_id}:trail/${local.trail_name}"
}

resource "aws_cloudtrail" "this" {
  #checkov:skip=CKV_AWS_252:Alarms on the log group notify; a message for every file would tell nobody anything.
  name = local.trail_name

  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  enable_logging                = true

  s3_bucket_name             = module.bucket.bucket_name
  kms_key_id                 = var.kms_key_arn
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.this.arn}:*"
  cloud_watch_logs_role_arn  = aws_iam_role.this.arn

  event_selector {
    include_management_events = true
    read_write_type           = "All"

    dynamic "data_resource" {
      for_each = length(var.data_event_bucket_arns) > 0 ? [var.data_event_bucket_arns] : []

      content {
        type   = "AWS::S3::Object"
        values = [for arn in data_resource.value : "${arn}/"]
      }
    }
  }

  depends_on = [aws_iam_role_policy.this]
}
