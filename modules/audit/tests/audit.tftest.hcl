mock_provider "aws" {
  source = "../.testing"
}

variables {
  name            = "expense-account"
  kms_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  alarm_topic_arn = "arn:aws:sns:us-east-1:123456789012:expense-account-alarms"
}

run "the_trail_sees_everything_and_cannot_be_forged" {
  command = apply

  assert {
    condition     = aws_cloudtrail.this.is_multi_region_trail && aws_cloudtrail.this.include_global_service_events && aws_cloudtrail.this.enable_logging
    error_message = "All regions and global services are recorded."
  }

  assert {
    condition     = aws_cloudtrail.this.enable_log_file_validation && aws_cloudtrail.this.kms_key_id == var.kms_key_arn
    error_message = "Files are signed and encrypted."
  }

  assert {
    condition     = aws_cloudtrail.this.event_selector[0].include_management_events && aws_cloudtrail.this.event_selector[0].read_write_type == "All" && length(aws_cloudtrail.this.event_selector[0].data_resource) == 0
    error_message = "Reads and writes are recorded; data events only where asked for."
  }
}

run "data_events_of_named_buckets" {
  command = apply

  variables {
    data_event_bucket_arns = ["arn:aws:s3:::expense-state"]
  }

  assert {
    condition     = join(" ", aws_cloudtrail.this.event_selector[0].data_resource[0].values) == "arn:aws:s3:::expense-state/"
    error_message = "Every object of the bucket is recorded, and no other bucket's."
  }
}

run "only_the_trail_writes_the_archive" {
  command = apply

  assert {
    condition = alltrue([
      for statement in jsondecode(module.bucket.policy).Statement :
      statement.Principal == { Service = "cloudtrail.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceArn"] == "arn:aws:cloudtrail:us-east-1:123456789012:trail/expense-account"
      if statement.Effect == "Allow"
    ])
    error_message = "CloudTrail is let in, for this trail only."
  }

  assert {
    condition     = length([for statement in jsondecode(module.bucket.policy).Statement : statement if statement.Effect == "Deny"]) == 2
    error_message = "All but TLS 1.2 and later is denied."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceArn"] == "arn:aws:cloudtrail:us-east-1:123456789012:trail/expense-account"
    error_message = "The log group's role is for this trail only."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "Events in CloudWatch are encrypted and expire."
  }
}

run "what_matters_is_told" {
  command = apply

  assert {
    condition     = join(" ", keys(aws_cloudwatch_metric_alarm.this)) == "bucket-policy-changed calls-refused console-without-mfa iam-changed key-deletion root-use trail-changed" && join(" ", keys(aws_cloudwatch_log_metric_filter.this)) == join(" ", keys(aws_cloudwatch_metric_alarm.this))
    error_message = "Every filter has its alarm."
  }

  assert {
    condition = alltrue([
      for name, alarm in aws_cloudwatch_metric_alarm.this :
      join("", alarm.alarm_actions) == var.alarm_topic_arn && alarm.metric_name == name && alarm.namespace == "expense-account/audit" && alarm.threshold == (name == "calls-refused" ? 20 : 1)
    ])
    error_message = "Alarms watch what the filters count, and notify at once."
  }
}

run "the_account_is_left_alone_unasked" {
  command = apply

  assert {
    condition     = length(aws_s3_account_public_access_block.this) == 0 && length(aws_guardduty_detector.this) == 0 && length(aws_ebs_encryption_by_default.this) == 0
    error_message = "Account-wide settings are set where asked for."
  }
}

run "the_account_baseline" {
  command = apply

  variables {
    account_baseline_enabled = true
  }

  assert {
    condition = alltrue([
      aws_s3_account_public_access_block.this[0].block_public_acls,
      aws_s3_account_public_access_block.this[0].block_public_policy,
      aws_s3_account_public_access_block.this[0].ignore_public_acls,
      aws_s3_account_public_access_block.this[0].restrict_public_buckets,
    ])
    error_message = "No bucket of the account can be public."
  }

  assert {
    condition     = aws_ebs_encryption_by_default.this[0].enabled && aws_ebs_default_kms_key.this[0].key_arn == var.kms_key_arn && aws_ebs_snapshot_block_public_access.this[0].state == "block-all-sharing"
    error_message = "Volumes are encrypted by default and snapshots never public."
  }

  assert {
    condition     = aws_ec2_instance_metadata_defaults.this[0].http_tokens == "required" && aws_ec2_instance_metadata_defaults.this[0].http_put_response_hop_limit == 1
    error_message = "Instances use IMDSv2 by default."
  }

  assert {
    condition     = aws_iam_account_password_policy.this[0].minimum_password_length >= 14 && aws_iam_account_password_policy.this[0].password_reuse_prevention == 24
    error_message = "Passwords are long and not used again."
  }

  assert {
    condition     = aws_accessanalyzer_analyzer.this[0].type == "ACCOUNT" && aws_guardduty_detector.this[0].enable
    error_message = "Access Analyzer and GuardDuty look on."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    object_lock_mode = "SOMETIMES"
    object_lock_days = 0
  }

  expect_failures = [var.object_lock_mode, var.object_lock_days]
}

run "a_lock_longer_than_the_archive_is_refused" {
  command = plan

  variables {
    archive_retention_days = 365
    object_lock_days       = 365
  }

  expect_failures = [var.archive_retention_days]
}

run "a_short_archive_is_refused" {
  command = plan

  variables {
    archive_retention_days = 364
  }

  expect_failures = [var.archive_retention_days]
}
