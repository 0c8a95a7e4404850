locals {
  member_ids = [for index in range(var.num_cache_clusters) : format("%s-%03d", var.name, index + 1)]

  alarms = {
    cpu = {
      description = "The engine's one thread is busy: the cache is the bottleneck."
      metric      = "CPUUtilization"
      statistic   = "Average"
      threshold   = var.alarm_thresholds.cpu_percent
    }
    memory = {
      description = "Memory is nearly full: entries will be evicted."
      metric      = "DatabaseMemoryUsagePercentage"
      statistic   = "Average"
      threshold   = var.alarm_thresholds.memory_percent
    }
    evictions = {
      description = "Entries are evicted before they are used again: a larger node would answer more."
      metric      = "Evictions"
      statistic   = "Sum"
      threshold   = var.alarm_thresholds.evictions
    }
    connections = {
      description = "More connections than the pods' pools explain."
      metric      = "CurrConnections"
      statistic   = "Maximum"
      threshold   = var.alarm_thresholds.connections
    }
  }

  member_alarms = {
    for pair in setproduct(local.member_ids, keys(local.alarms)) :
    "${trimprefix(pair[0], "${var.name}-")}-${pair[1]}" => merge(local.alarms[pair[1]], { member_id = pair[0] })
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["engine-log", "slow-log"])

  #checkov:skip=CKV_AWS_338:The retention is the environment's choice.
  name              = "/aws/elasticache/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.member_alarms

  alarm_name          = "${var.name}-cache-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/ElastiCache"
  metric_name         = each.value.metric
  dimensions          = { CacheClusterId = each.value.member_id }
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  treat_missing_data  = "missing"
  alarm_actions       = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  ok_actions          = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]

  depends_on = [aws_elasticache_replication_group.this]
}
