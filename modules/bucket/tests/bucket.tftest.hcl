mock_provider "aws" {
  source          = "../.testing"
  override_during = plan
}

variables {
  bucket_name = "expense-dev-exports-123456789012"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "the_bucket_is_private_encrypted_and_versioned" {
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
    error_message = "Versions are kept."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule :
      rule.bucket_key_enabled && rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
    ])
    error_message = "Objects are encrypted with the given key."
  }

  assert {
    condition     = !aws_s3_bucket.this.force_destroy && !aws_s3_bucket.this.object_lock_enabled
    error_message = "A destroy spares a bucket with objects; nothing is locked unasked."
  }
}

run "the_policy_refuses_all_but_tls" {
  command = plan

  variables {
    statements_json = "[{\"Sid\":\"Deliver\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"logging.s3.amazonaws.com\"},\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::x/*\"}]"
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Condition.Bool["aws:SecureTransport"]
      if statement.Sid == "DenyInsecureTransport" && statement.Effect == "Deny" && statement.Principal == "*" && statement.Action == "s3:*" && length(statement.Resource) == 2
    ]) == "false"
    error_message = "Requests in the clear are denied to everybody, for bucket and objects."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Condition.NumericLessThan["s3:TlsVersion"]
      if statement.Sid == "DenyOldTls" && statement.Effect == "Deny"
    ]) == "1.2"
    error_message = "TLS before 1.2 is denied."
  }

  assert {
    condition     = [for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Sid] == ["DenyInsecureTransport", "DenyOldTls", "Deliver"]
    error_message = "Given statements are added, not put in place of the module's."
  }
}

run "life_cycle_follows_the_variables" {
  command = plan

  variables {
    expiration_days                    = 365
    infrequent_access_days             = 30
    noncurrent_version_expiration_days = 90
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].days == 365 && one(aws_s3_bucket_lifecycle_configuration.this.rule[0].transition).days == 30
    error_message = "Objects move and expire."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[1].noncurrent_version_expiration[0].noncurrent_days == 90
    error_message = "Old versions expire."
  }
}

run "without_limits_objects_stay" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration) == 0 && length(aws_s3_bucket_lifecycle_configuration.this.rule[0].transition) == 0
    error_message = "Objects neither move nor expire unasked."
  }

  assert {
    condition     = length(aws_s3_bucket_logging.this) == 0 && length(aws_s3_bucket_object_lock_configuration.this) == 0
    error_message = "Access log and lock are there only where asked for."
  }
}

run "a_locked_and_logged_bucket" {
  command = plan

  variables {
    access_log_bucket_name = "expense-dev-logs"
    object_lock            = { mode = "COMPLIANCE", days = 90 }
  }

  assert {
    condition     = aws_s3_bucket.this.object_lock_enabled && aws_s3_bucket_object_lock_configuration.this[0].rule[0].default_retention[0].mode == "COMPLIANCE" && aws_s3_bucket_object_lock_configuration.this[0].rule[0].default_retention[0].days == 90
    error_message = "Objects are locked as asked."
  }

  assert {
    condition     = aws_s3_bucket_logging.this[0].target_bucket == "expense-dev-logs" && aws_s3_bucket_logging.this[0].target_prefix == "access/"
    error_message = "Accesses are logged to the given bucket."
  }
}

run "a_bucket_for_access_logs_uses_the_key_of_s3" {
  command = plan

  variables {
    kms_key_arn = null
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"])
    error_message = "Without a KMS key objects are encrypted with S3's."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    bucket_name                        = "Expense_Bucket"
    kms_key_arn                        = "alias/expense"
    statements_json                    = "{}x"
    access_log_prefix                  = "access"
    expiration_days                    = 0
    infrequent_access_days             = 29
    noncurrent_version_expiration_days = 0
    object_lock                        = { mode = "FOREVER", days = 1 }
  }

  expect_failures = [
    var.bucket_name,
    var.kms_key_arn,
    var.statements_json,
    var.access_log_prefix,
    var.expiration_days,
    var.infrequent_access_days,
    var.noncurrent_version_expiration_days,
    var.object_lock,
  ]
}
