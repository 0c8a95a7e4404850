locals {
  alarms = var.load_balancer == null ? {} : {
    server-errors = {
      description = "The pods answer with 5xx."
      metric      = "HTTPCode_Target_5XX_Count"
      statistic   = "Sum"
      percentile  = null
      threshold   = var.alarm_thresholds.server_errors
    }
    load-balancer-errors = {
      description = "The load balancer answers with 5xx itself: no healthy pod, or one that is too slow."
      metric      = "HTTPCode_ELB_5XX_Count"
      statistic   = "Sum"
      percentile  = null
      threshold   = var.alarm_thresholds.server_errors
    }
    response-time = {
      description = "One request in a hundred is slow."
      metric      = "TargetResponseTime"
      statistic   = null
      percentile  = "p99"
      threshold   = var.alarm_thresholds.response_p99_seconds
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-edge-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/ApplicationELB"
  metric_name         = each.value.metric
  dimensions          = { LoadBalancer = var.load_balancer.arn_suffix }
  statistic           = each.value.statistic
  extended_statistic  = each.value.percentile
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  ok_actions          = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}
