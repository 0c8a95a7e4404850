data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  alarms = merge(
    {
      cpu = {
        description = "The processor is busy: look for slow queries, then for a larger class."
        metric      = "CPUUtilization"
        statistic   = "Average"
        comparison  = "GreaterThanThreshold"
        threshold   = var.alarm_thresholds.cpu_percent
      }
      freeable-memory = {
        description = "Memory runs out: the instance will swap."
        metric      = "FreeableMemory"
        statistic   = "Average"
        comparison  = "LessThanThreshold"
        threshold   = var.alarm_thresholds.freeable_memory_mib * 1024 * 1024
      }
      swap-usage = {
        description = "The instance swaps: memory is too small for its load."
        metric      = "SwapUsage"
        statistic   = "Average"
        comparison  = "GreaterThanThreshold"
        threshold   = var.alarm_thresholds.swap_usage_mib * 1024 * 1024
      }
      free-storage = {
        description = "Storage runs out; at its limit it no longer grows by itself."
        metric      = "FreeStorageSpace"
        statistic   = "Minimum"
        comparison  = "LessThanThreshold"
        threshold   = var.allocated_storage_gib * 1024 * 1024 * 1024 * var.alarm_thresholds.free_storage_percent / 100
      }
      connections = {
        description = "Connections are near the limit that the class's memory sets."
        metric      = "DatabaseConnections"
        statistic   = "Maximum"
        comparison  = "GreaterThanThreshold"
        threshold   = var.alarm_thresholds.connections
      }
      disk-queue = {
        description = "Requests wait for the volume."
        metric      = "DiskQueueDepth"
        statistic   = "Average"
        comparison  = "GreaterThanThreshold"
        threshold   = var.alarm_thresholds.disk_queue_depth
      }
      read-latency = {
        description = "Reads from the volume are slow."
        metric      = "ReadLatency"
        statistic   = "Average"
        comparison  = "GreaterThanThreshold"
        threshold   = var.alarm_thresholds.read_latency_seconds
      }
      write-latency = {
        description = "Writes to the volume are slow: commits wait for them."
        metric      = "WriteLatency"
        statistic   = "Average"
        comparison  = "GreaterThanThreshold"
        threshold   = var.alarm_thresholds.write_latency_seconds
      }
    },
    !startswith(var.instance_class, "db.t") ? {} : {
      cpu-credits = {
        description = "CPU credits run out: further bursts are charged."
        metric      = "CPUCreditBalance"
        statistic   = "Minimum"
        comparison  = "LessThanThreshold"
        threshold   = var.alarm_thresholds.cpu_credits
      }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-rds-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = { DBInstanceIdentifier = aws_db_instance.this.identifier }
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "missing"
  alarm_actions       = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  ok_actions          = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}

resource "aws_db_event_subscription" "this" {
  count = var.event_topic_arn == null ? 0 : 1

  name             = "${var.name}-rds"
  sns_topic        = var.event_topic_arn
  source_type      = "db-instance"
  source_ids       = [aws_db_instance.this.identifier]
  event_categories = ["availability", "failover", "failure", "low storage", "maintenance", "recovery"]
}

resource "aws_iam_role" "monitoring" {
  count = var.monitoring_interval_seconds > 0 ? 1 : 0

  name = "${var.name}-rds-monitoring"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.this.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${data.aws_partition.this.partition}:rds:${data.aws_region.this.name}:${data.aws_caller_identity.this.account_id}:db:${var.name}" }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  count = var.monitoring_interval_seconds > 0 ? 1 : 0

  role       = aws_iam_role.monitoring[0].name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
