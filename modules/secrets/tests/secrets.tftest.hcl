# The real provider plans here, without credentials and without a call: a mocked
# provider refuses every module that has an ephemeral resource. Generated values
# are proven where an API answers, by tests/infrastructure.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.this
  values = { account_id = "123456789012" }
}

override_resource {
  target          = aws_secretsmanager_secret.this
  override_during = plan
  values          = { arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:mock" }
}

variables {
  name        = "expense-dev"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  secrets = {
    smtp = { description = "Filled by an operator" }
  }
}

run "secrets_are_encrypted_and_kept_in_the_account" {
  command = plan

  assert {
    condition     = aws_secretsmanager_secret.this["smtp"].name == "expense-dev/smtp" && aws_secretsmanager_secret.this["smtp"].kms_key_id == var.kms_key_arn
    error_message = "Secrets are named below the prefix and encrypted with the environment's key."
  }

  assert {
    condition     = aws_secretsmanager_secret.this["smtp"].recovery_window_in_days == 30
    error_message = "A deletion can be taken back for thirty days."
  }

  assert {
    condition     = length(aws_secretsmanager_secret_version.this) == 0
    error_message = "A secret without generate_length gets no value."
  }

  assert {
    condition     = aws_secretsmanager_secret_policy.this["smtp"].block_public_policy
    error_message = "A public policy is refused."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_secretsmanager_secret_policy.this["smtp"].policy).Statement : statement.Condition.StringNotEquals["aws:PrincipalAccount"]
      if statement.Sid == "DenyOtherAccounts" && statement.Effect == "Deny"
    ]) == "123456789012"
    error_message = "Other accounts are denied."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_secretsmanager_secret_policy.this["smtp"].policy).Statement : statement.Condition.Bool["aws:SecureTransport"]
      if statement.Sid == "DenyInsecureTransport" && statement.Effect == "Deny"
    ]) == "false"
    error_message = "Requests in the clear are denied."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    secrets              = { Smtp = { description = "x" } }
    recovery_window_days = 3
  }

  expect_failures = [var.secrets, var.recovery_window_days]
}

run "a_short_value_is_refused" {
  command = plan

  variables {
    secrets = { session-key = { description = "x", generate_length = 16 } }
  }

  expect_failures = [var.secrets]
}
