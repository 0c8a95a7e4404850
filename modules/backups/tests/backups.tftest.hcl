mock_provider "aws" {
  source = "../.testing"
}

variables {
  name            = "expense-prod"
  kms_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  retention_days  = 35
  resource_arns   = { database = "arn:aws:rds:us-east-1:123456789012:db:expense-prod" }
  alarm_topic_arn = "arn:aws:sns:us-east-1:123456789012:expense-prod-alarms"
}

run "database_and_exports_are_saved_daily" {
  command = apply

  assert {
    condition     = one(aws_backup_plan.this.rule).schedule == "cron(0 4 * * ? *)" && one(aws_backup_plan.this.rule).lifecycle[0].delete_after == 35
    error_message = "A recovery point a day, kept 35 days."
  }

  assert {
    condition     = length(aws_backup_selection.this.resources) == 2 && contains(aws_backup_selection.this.resources, "arn:aws:rds:us-east-1:123456789012:db:expense-prod") && contains(aws_backup_selection.this.resources, module.bucket.bucket_arn)
    error_message = "The plan saves the bucket and the database."
  }

  assert {
    condition     = aws_backup_vault.this.kms_key_arn == var.kms_key_arn && !aws_backup_vault.this.force_destroy
    error_message = "Recovery points are encrypted, and a destroy spares them."
  }

  assert {
    condition     = length(one(aws_backup_plan.this.rule).copy_action) == 0 && length(aws_backup_vault_lock_configuration.this) == 0
    error_message = "No copy and no lock unasked."
  }
}

run "copies_and_lock" {
  command = apply

  variables {
    copy_vault_arn                = "arn:aws:backup:us-west-2:123456789012:backup-vault:expense-prod"
    vault_lock_min_retention_days = 14
  }

  assert {
    condition     = one(one(aws_backup_plan.this.rule).copy_action).destination_vault_arn == var.copy_vault_arn && one(one(aws_backup_plan.this.rule).copy_action).lifecycle[0].delete_after == 35
    error_message = "Copies go to the other region and expire there too."
  }

  assert {
    condition     = aws_backup_vault_lock_configuration.this[0].min_retention_days == 14 && aws_backup_vault_lock_configuration.this[0].changeable_for_days == null
    error_message = "Nobody deletes a recovery point in its first fortnight; the lock is in governance mode."
  }
}

run "only_aws_backup_has_the_role" {
  command = apply

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Principal == { Service = "backup.amazonaws.com" } && jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "AWS Backup assumes it on behalf of this account only."
  }
}

run "the_buckets_refuse_the_clear_and_log" {
  command = apply

  assert {
    condition     = alltrue([for statement in jsondecode(module.bucket.policy).Statement : statement.Effect == "Deny"]) && length(jsondecode(module.bucket.policy).Statement) == 2
    error_message = "The exports' bucket lets nobody in by policy."
  }

  assert {
    condition     = one([for statement in jsondecode(module.access_logs.policy).Statement : statement.Condition.ArnEquals["aws:SourceArn"] if statement.Effect == "Allow"]) == "arn:aws:s3:::expense-prod-exports-123456789012"
    error_message = "Only the exports' accesses are logged there."
  }
}

run "failures_are_told" {
  command = apply

  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.this : alarm.metric_name => join("", alarm.alarm_actions) } == { NumberOfBackupJobsFailed = var.alarm_topic_arn, NumberOfBackupJobsExpired = var.alarm_topic_arn }
    error_message = "A backup that failed or never began notifies."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    resource_arns                     = { database = "expense-prod" }
    schedule                          = "daily"
    vault_lock_min_retention_days     = 36
    copy_vault_arn                    = "elsewhere"
    export_retention_days             = 30
    noncurrent_version_retention_days = 1
    access_log_retention_days         = 1
  }

  expect_failures = [
    var.resource_arns,
    var.schedule,
    var.vault_lock_min_retention_days,
    var.copy_vault_arn,
    var.export_retention_days,
    var.noncurrent_version_retention_days,
    var.access_log_retention_days,
  ]
}
