locals {
  watched = {
    errors = {
      description = "The service logs errors: search its log for the request."
      pattern     = var.log_patterns.errors
      threshold   = var.alarm_thresholds.errors
    }
    server-errors = {
      description = "The service answers with 5xx."
      pattern     = var.log_patterns.server_errors
      threshold   = var.alarm_thresholds.server_errors
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each = local.watched

  name           = "${var.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.this["application"].name
  pattern        = each.value.pattern

  metric_transformation {
    name          = each.key
    namespace     = "${var.name}/application"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.watched

  alarm_name          = "${var.name}-application-${each.key}"
  alarm_description   = each.value.description
  namespace           = "${var.name}/application"
  metric_name         = aws_cloudwatch_log_metric_filter.this[each.key].metric_transformation[0].name
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.this.arn]
  ok_actions          = [aws_sns_topic.this.arn]
}
