# Defaults of the whole account and region, so that what is made outside these
# modules is private and encrypted too.
locals {
  baseline = var.account_baseline_enabled ? 1 : 0
}

resource "aws_s3_account_public_access_block" "this" {
  count = local.baseline

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_ebs_encryption_by_default" "this" {
  count = local.baseline

  enabled = true
}

resource "aws_ebs_default_kms_key" "this" {
  count = local.baseline

  key_arn = var.kms_key_arn
}

resource "aws_ebs_snapshot_block_public_access" "this" {
  count = local.baseline

  state = "block-all-sharing"
}

resource "aws_ec2_instance_metadata_defaults" "this" {
  count = local.baseline

  http_endpoint               = "enabled"
  http_tokens                 = "required"
  http_put_response_hop_limit = 1
}

resource "aws_iam_account_password_policy" "this" {
  count = local.baseline

  minimum_password_length        = 16
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  allow_users_to_change_password = true
  password_reuse_prevention      = 24
  max_password_age               = 90
}

resource "aws_accessanalyzer_analyzer" "this" {
  count = local.baseline

  analyzer_name = var.name
  type          = "ACCOUNT"
}

resource "aws_guardduty_detector" "this" {
  count = local.baseline

  #checkov:skip=CKV2_AWS_3:Enabled for this account and region; an organisation's administrator enables the rest.
  enable                       = true
  finding_publishing_frequency = "FIFTEEN_MINUTES"
}
