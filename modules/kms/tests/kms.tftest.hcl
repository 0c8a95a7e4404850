mock_provider "aws" {
  source          = "../.testing"
  override_during = plan
}

variables {
  name = "expense-dev"
}

run "the_key_rotates_and_is_named" {
  command = plan

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.rotation_period_in_days == 365
    error_message = "The key material rotates every year."
  }

  assert {
    condition     = aws_kms_key.this.deletion_window_in_days == 30
    error_message = "A deletion can be taken back for thirty days."
  }

  assert {
    condition     = aws_kms_alias.this.name == "alias/expense-dev"
    error_message = "The alias is the environment's name."
  }
}

run "only_this_account_and_named_services_use_the_key" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement :
      can(statement.Condition) || statement.Principal == { AWS = "arn:aws:iam::123456789012:root" }
    ])
    error_message = "Only the delegation to IAM stands without a condition."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement :
      statement.Condition.StringEquals["kms:CallerAccount"] == "123456789012" && endswith(statement.Condition.StringEquals["aws:PrincipalArn"], ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling")
      if statement.Principal == { AWS = "*" }
    ])
    error_message = "The wildcard principal is narrowed to this account's Auto Scaling role."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Condition.Bool["kms:GrantIsForAWSResource"]
      if statement.Action == "kms:CreateGrant"
    ]) == "true"
    error_message = "Grants are for AWS resources only."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Condition.StringEquals["aws:SourceAccount"]
      if statement.Sid == "ServicesOnBehalfOfThisAccount"
    ]) == "123456789012"
    error_message = "Services use the key on behalf of this account only."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Condition.ArnLike["kms:EncryptionContext:aws:logs:arn"]
      if statement.Sid == "CloudWatchLogs"
    ]) == "arn:aws:logs:us-east-1:123456789012:log-group:*"
    error_message = "CloudWatch Logs uses the key for this account's log groups only."
  }

  assert {
    condition     = !contains([for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Sid], "CloudTrail")
    error_message = "CloudTrail has no access where no trail is named."
  }
}

run "a_named_trail_gets_access" {
  command = plan

  variables {
    cloudtrail_names    = ["expense-account"]
    autoscaling_enabled = false
    service_principals  = []
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Condition.StringEquals["aws:SourceArn"]
      if statement.Sid == "CloudTrail"
    ]) == ["arn:aws:cloudtrail:us-east-1:123456789012:trail/expense-account"]
    error_message = "CloudTrail uses the key for the named trail only."
  }

  assert {
    condition     = [for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Sid] == ["DelegateToIam", "CloudWatchLogs", "CloudTrail"]
    error_message = "What is switched off has no statement."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    name                    = "Expense_Dev"
    deletion_window_in_days = 6
    rotation_period_in_days = 89
    service_principals      = ["*"]
  }

  expect_failures = [
    var.name,
    var.deletion_window_in_days,
    var.rotation_period_in_days,
    var.service_principals,
  ]
}
