data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  account_id  = data.aws_caller_identity.this.account_id
  partition   = data.aws_partition.this.partition
  bucket_name = "${var.name}-exports-${local.account_id}"
}

module "bucket" {
  source = "../bucket"

  bucket_name                        = local.bucket_name
  kms_key_arn                        = var.kms_key_arn
  infrequent_access_days             = 30
  expiration_days                    = var.export_retention_days
  noncurrent_version_expiration_days = var.noncurrent_version_retention_days
  access_log_bucket_name             = module.access_logs.bucket_name
  force_destroy                      = var.force_destroy
}

module "access_logs" {
  source = "../bucket"

  bucket_name                        = "${local.bucket_name}-logs"
  expiration_days                    = var.access_log_retention_days
  noncurrent_version_expiration_days = 1
  force_destroy                      = var.force_destroy

  statements_json = jsonencode([{
    Sid       = "DeliverAccessLogs"
    Effect    = "Allow"
    Principal = { Service = "logging.s3.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "arn:${local.partition}:s3:::${local.bucket_name}-logs/access/*"
    Condition = {
      ArnEquals    = { "aws:SourceArn" = "arn:${local.partition}:s3:::${local.bucket_name}" }
      StringEquals = { "aws:SourceAccount" = local.account_id }
    }
  }])
}

resource "aws_backup_vault" "this" {
  name          = var.name
  kms_key_arn   = var.kms_key_arn
  force_destroy = var.force_destroy
}

resource "aws_backup_vault_lock_configuration" "this" {
  count = var.vault_lock_min_retention_days == null ? 0 : 1

  backup_vault_name  = aws_backup_vault.this.name
  min_retention_days = var.vault_lock_min_retention_days
}

resource "aws_backup_plan" "this" {
  name = var.name

  rule {
    rule_name                = "daily"
    target_vault_name        = aws_backup_vault.this.name
    schedule                 = var.schedule
    start_window             = 60
    completion_window        = 360
    enable_continuous_backup = false

    lifecycle {
      delete_after = var.retention_days
    }

    dynamic "copy_action" {
      for_each = var.copy_vault_arn[*]

      content {
        destination_vault_arn = copy_action.value

        lifecycle {
          delete_after = var.retention_days
        }
      }
    }
  }
}

resource "aws_backup_selection" "this" {
  name         = var.name
  plan_id      = aws_backup_plan.this.id
  iam_role_arn = aws_iam_role.this.arn
  resources    = concat([module.bucket.bucket_arn], values(var.resource_arns))

  depends_on = [aws_iam_role_policy_attachment.this]
}
