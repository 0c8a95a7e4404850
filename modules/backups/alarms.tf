locals {
  alarms = {
    failed  = { metric = "NumberOfBackupJobsFailed", description = "A backup failed: see the job's message in AWS Backup." }
    expired = { metric = "NumberOfBackupJobsExpired", description = "A backup did not begin within its hour." }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-backup-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/Backup"
  metric_name         = each.value.metric
  dimensions          = { BackupVaultName = aws_backup_vault.this.name }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 3600
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  ok_actions          = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}
