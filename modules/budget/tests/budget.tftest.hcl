mock_provider "aws" {
  source = "../.testing"
}

variables {
  name            = "expense-dev"
  limit_usd       = 200
  email_addresses = ["owner@example.com"]
}

run "spending_and_forecast_are_told" {
  command = apply

  assert {
    condition = {
      for notification in aws_budgets_budget.this.notification : "${notification.notification_type}-${notification.threshold}" => notification.threshold_type
    } == { ACTUAL-80 = "PERCENTAGE", ACTUAL-100 = "PERCENTAGE", FORECASTED-100 = "PERCENTAGE" }
    error_message = "80 % and 100 % of the limit, and a forecast of 100 %, notify."
  }

  assert {
    condition     = alltrue([for notification in aws_budgets_budget.this.notification : join(" ", notification.subscriber_email_addresses) == "owner@example.com"])
    error_message = "Each notification reaches somebody."
  }

  assert {
    condition     = aws_budgets_budget.this.limit_amount == "200" && aws_budgets_budget.this.limit_unit == "USD" && aws_budgets_budget.this.time_unit == "MONTHLY" && aws_budgets_budget.this.budget_type == "COST"
    error_message = "The budget is 200 USD a month."
  }

  assert {
    condition     = length(aws_budgets_budget.this.cost_filter) == 0 && length(aws_ce_anomaly_monitor.this) == 0
    error_message = "The whole account counts, and nothing more is set up."
  }
}

run "one_environment_counts" {
  command = apply

  variables {
    cost_tag        = { key = "Environment", value = "dev" }
    topic_arn       = "arn:aws:sns:us-east-1:123456789012:expense-dev-alarms"
    email_addresses = []
  }

  assert {
    condition     = one(aws_budgets_budget.this.cost_filter).name == "TagKeyValue" && join("", one(aws_budgets_budget.this.cost_filter).values) == "user:Environment$dev"
    error_message = "Only what carries the tag counts."
  }

  assert {
    condition     = alltrue([for notification in aws_budgets_budget.this.notification : join(" ", notification.subscriber_sns_topic_arns) == var.topic_arn])
    error_message = "Each notification reaches the topic."
  }
}

run "unusual_cost_is_told" {
  command = apply

  variables {
    anomaly_threshold_usd = 20
  }

  assert {
    condition     = aws_ce_anomaly_subscription.this[0].frequency == "DAILY" && one(aws_ce_anomaly_subscription.this[0].subscriber).address == "owner@example.com" && join("", aws_ce_anomaly_subscription.this[0].threshold_expression[0].dimension[0].values) == "20"
    error_message = "From 20 USD on the address is told."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    limit_usd       = 0
    email_addresses = ["owner"]
    notifications   = { maybe = { threshold_percent = 80, type = "GUESSED" } }
  }

  expect_failures = [var.limit_usd, var.email_addresses, var.notifications]
}

run "a_budget_that_tells_nobody_is_refused" {
  command = plan

  variables {
    email_addresses       = []
    anomaly_threshold_usd = 20
  }

  expect_failures = [var.topic_arn, var.anomaly_threshold_usd]
}
