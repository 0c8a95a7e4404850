mock_provider "aws" {
  source          = "../.testing"
  override_during = plan
}

variables {
  bucket_name = "expense-state-123456789012-us-east-1"
}

run "states_are_private_encrypted_and_recoverable" {
  command = plan

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "All four locks against public access are on."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs are off."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "Earlier states can be restored."
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.this.arn])
    error_message = "States are encrypted with the module's own key."
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "The key rotates."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].noncurrent_version_expiration[0].noncurrent_days == 365 && aws_s3_bucket_lifecycle_configuration.this.rule[0].noncurrent_version_expiration[0].newer_noncurrent_versions == 10
    error_message = "Old versions are kept for a year, the ten latest for ever."
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration) == 1 && aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].expired_object_delete_marker
    error_message = "Current states never expire."
  }

  assert {
    condition     = !aws_s3_bucket.this.force_destroy
    error_message = "A destroy spares a bucket with states."
  }
}

run "the_policy_refuses_all_but_tls" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Sid => statement.Effect
    } == { DenyInsecureTransport = "Deny", DenyOldTls = "Deny" }
    error_message = "The policy only denies."
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "Requests in the clear are denied."
  }
}

run "accesses_are_logged" {
  command = plan

  assert {
    condition     = aws_s3_bucket_logging.this.target_prefix == "state/"
    error_message = "Accesses are logged."
  }

  assert {
    condition = one([
      for statement in jsondecode(module.access_logs.policy).Statement : statement
      if statement.Effect == "Allow"
      ]) == {
      Sid       = "DeliverAccessLogs"
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::expense-state-123456789012-us-east-1-logs/state/*"
      Condition = {
        ArnEquals    = { "aws:SourceArn" = "arn:aws:s3:::expense-state-123456789012-us-east-1" }
        StringEquals = { "aws:SourceAccount" = "123456789012" }
      }
    }
    error_message = "Only S3's log delivery writes there, and for this bucket only."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    bucket_name                       = "Expense"
    noncurrent_version_retention_days = 29
    access_log_retention_days         = 29
    deletion_window_in_days           = 31
  }

  expect_failures = [
    var.bucket_name,
    var.noncurrent_version_retention_days,
    var.access_log_retention_days,
    var.deletion_window_in_days,
  ]
}
