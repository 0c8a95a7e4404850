locals {
  bucket_name = "${var.name}-trail-${local.account_id}"
  bucket_arn  = "arn:${local.partition}:s3:::${local.bucket_name}"
}

module "bucket" {
  source = "../bucket"

  bucket_name                        = local.bucket_name
  kms_key_arn                        = var.kms_key_arn
  expiration_days                    = var.archive_retention_days
  noncurrent_version_expiration_days = 30
  access_log_bucket_name             = module.access_logs.bucket_name
  force_destroy                      = var.force_destroy

  object_lock = {
    mode = var.object_lock_mode
    days = var.object_lock_days
  }

  statements_json = jsonencode([
    {
      Sid       = "CloudTrailReadsTheAcl"
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "s3:GetBucketAcl"
      Resource  = local.bucket_arn
      Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn } }
    },
    {
      Sid       = "CloudTrailWritesFiles"
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "${local.bucket_arn}/AWSLogs/${local.account_id}/*"
      Condition = {
        StringEquals = {
          "aws:SourceArn" = local.trail_arn
          "s3:x-amz-acl"  = "bucket-owner-full-control"
        }
      }
    },
  ])
}

module "access_logs" {
  source = "../bucket"

  bucket_name                        = "${local.bucket_name}-logs"
  expiration_days                    = var.archive_retention_days
  noncurrent_version_expiration_days = 1
  force_destroy                      = var.force_destroy

  statements_json = jsonencode([{
    Sid       = "DeliverAccessLogs"
    Effect    = "Allow"
    Principal = { Service = "logging.s3.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "${local.bucket_arn}-logs/access/*"
    Condition = {
      ArnEquals    = { "aws:SourceArn" = local.bucket_arn }
      StringEquals = { "aws:SourceAccount" = local.account_id }
    }
  }])
}
