locals {
  # What the CIS AWS Foundations Benchmark wants to be told of.
  watched = {
    root-use = {
      description = "The root user was used."
      pattern     = "{ $.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }"
    }
    console-without-mfa = {
      description = "Somebody signed in to the console without a second factor."
      pattern     = "{ $.eventName = \"ConsoleLogin\" && $.additionalEventData.MFAUsed != \"Yes\" && $.userIdentity.type = \"IAMUser\" && $.responseElements.ConsoleLogin = \"Success\" }"
    }
    trail-changed = {
      description = "A trail was changed or stopped."
      pattern     = "{ $.eventName = CreateTrail || $.eventName = UpdateTrail || $.eventName = DeleteTrail || $.eventName = StopLogging }"
    }
    key-deletion = {
      description = "A KMS key was disabled or scheduled for deletion: what it encrypts will be lost."
      pattern     = "{ $.eventSource = kms.amazonaws.com && ($.eventName = DisableKey || $.eventName = ScheduleKeyDeletion) }"
    }
    bucket-policy-changed = {
      description = "Who may reach a bucket was changed."
      pattern     = "{ $.eventSource = s3.amazonaws.com && ($.eventName = PutBucketPolicy || $.eventName = DeleteBucketPolicy || $.eventName = PutBucketAcl || $.eventName = PutPublicAccessBlock || $.eventName = DeletePublicAccessBlock) }"
    }
    iam-changed = {
      description = "A policy or identity of IAM was changed."
      pattern     = "{ $.eventSource = iam.amazonaws.com && ($.eventName = CreateUser || $.eventName = CreateAccessKey || $.eventName = PutRolePolicy || $.eventName = AttachRolePolicy || $.eventName = PutUserPolicy || $.eventName = AttachUserPolicy || $.eventName = UpdateAssumeRolePolicy || $.eventName = CreatePolicyVersion) }"
    }
    calls-refused = {
      description = "Calls are refused in number: a policy lacks something, or somebody tries doors."
      pattern     = "{ $.errorCode = \"*UnauthorizedOperation\" || $.errorCode = \"AccessDenied*\" }"
      threshold   = 20
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each = local.watched

  name           = "${var.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.this.name
  pattern        = each.value.pattern

  metric_transformation {
    name          = each.key
    namespace     = "${var.name}/audit"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.watched

  alarm_name          = "${var.name}-audit-${each.key}"
  alarm_description   = each.value.description
  namespace           = "${var.name}/audit"
  metric_name         = aws_cloudwatch_log_metric_filter.this[each.key].metric_transformation[0].name
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = try(each.value.threshold, 1)
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}
