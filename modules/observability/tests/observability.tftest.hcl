mock_provider "aws" {
  source = "../.testing"
}

variables {
  name            = "expense-dev"
  kms_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  email_addresses = ["owner@example.com"]
}

run "alarms_reach_people" {
  command = apply

  assert {
    condition     = aws_sns_topic.this.kms_master_key_id == var.kms_key_arn
    error_message = "Messages are encrypted."
  }

  assert {
    condition     = aws_sns_topic_subscription.email["owner@example.com"].protocol == "email" && aws_sns_topic_subscription.email["owner@example.com"].topic_arn == aws_sns_topic.this.arn
    error_message = "Addresses are subscribed."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_sns_topic_policy.this.policy).Statement : statement
      if statement.Effect == "Allow"
      ]) == {
      Sid       = "ServicesOfThisAccountPublish"
      Effect    = "Allow"
      Principal = { Service = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "events.rds.amazonaws.com"] }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.this.arn
      Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } }
    }
    error_message = "Three services publish, on behalf of this account only."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_sns_topic_policy.this.policy).Statement : statement.Condition.Bool["aws:SecureTransport"] if statement.Effect == "Deny"]) == "false"
    error_message = "Messages in the clear are denied."
  }
}

run "logs_are_encrypted_and_expire" {
  command = apply

  assert {
    condition     = { for name, group in aws_cloudwatch_log_group.this : name => group.name } == { application = "/expense-dev/application", cluster = "/expense-dev/cluster" } && alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.kms_key_arn && group.retention_in_days == 30])
    error_message = "Both groups are encrypted and their events expire."
  }
}

run "the_service_is_watched" {
  command = apply

  variables {
    alarm_thresholds = { errors = 3 }
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.this["server-errors"].pattern == "{ $.status >= 500 }" && aws_cloudwatch_log_metric_filter.this["server-errors"].log_group_name == "/expense-dev/application"
    error_message = "Answers of 5xx are counted in the application's log."
  }

  assert {
    condition = alltrue([
      for name, alarm in aws_cloudwatch_metric_alarm.this :
      alarm.metric_name == name && alarm.namespace == "expense-dev/application" && join("", alarm.alarm_actions) == aws_sns_topic.this.arn && alarm.threshold == (name == "errors" ? 3 : 10)
    ])
    error_message = "Alarms watch what the filters count, and notify."
  }

  assert {
    condition     = alltrue([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.properties.region == "us-east-1" && length(widget.properties.metrics) >= 2]) && length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 6
    error_message = "The dashboard has six graphs."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    email_addresses    = ["owner"]
    log_groups         = ["Cluster"]
    log_retention_days = 10
  }

  expect_failures = [
    var.email_addresses,
    var.log_groups,
    var.log_retention_days,
  ]
}
