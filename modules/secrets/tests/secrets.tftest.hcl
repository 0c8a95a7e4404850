mock_provider "aws" {
  override_during = plan

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:mock", id = "arn:aws:secretsmanager:us-east-1:123456789012:secret:mock" }
  }
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
    condition     = alltrue([for secret in aws_secretsmanager_secret.this : secret.kms_key_id == var.kms_key_arn])
    error_message = "Every secret is encrypted with the environment's key."
  }

  assert {
    condition     = aws_secretsmanager_secret.this["session-key"].name == "expense-dev/session-key"
    error_message = "Secrets are named below the prefix."
  }

  assert {
    condition     = keys(aws_secretsmanager_secret_version.this) == ["session-key"]
    error_message = "Only a secret with generate_length gets a value."
  }
}
