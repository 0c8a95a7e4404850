mock_provider "aws" {
  source = "../.testing"
}

variables {
  name             = "expense"
  kms_key_arn      = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  repository_names = ["api", "playground"]
}

run "images_are_immutable_scanned_and_encrypted" {
  command = apply

  assert {
    condition     = { for name, repository in aws_ecr_repository.this : name => repository.name } == { api = "expense/api", playground = "expense/playground" }
    error_message = "Repositories lie below the prefix."
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE" && repository.image_scanning_configuration[0].scan_on_push && !repository.force_delete])
    error_message = "A tag means one image for ever, and every image is scanned."
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.encryption_configuration[0].encryption_type == "KMS" && repository.encryption_configuration[0].kms_key == var.kms_key_arn])
    error_message = "Images are encrypted with the given key."
  }
}

run "old_images_go" {
  command = apply

  assert {
    condition = alltrue([
      for policy in aws_ecr_lifecycle_policy.this :
      { for rule in jsondecode(policy.policy).rules : rule.selection.tagStatus => rule.selection.countNumber } == { untagged = 7, any = 50 }
    ])
    error_message = "Untagged images go after a week, and the latest fifty stay."
  }
}

run "no_account_pulls_unasked" {
  command = apply

  assert {
    condition     = length(aws_ecr_repository_policy.this) == 0 && length(aws_ecr_registry_scanning_configuration.this) == 0
    error_message = "No other account, no registry-wide setting."
  }
}

run "named_accounts_pull_only" {
  command = apply

  variables {
    pull_account_ids          = ["210987654321"]
    enhanced_scanning_enabled = true
  }

  assert {
    condition     = jsondecode(aws_ecr_repository_policy.this["api"].policy).Statement[0].Principal.AWS == ["arn:aws:iam::210987654321:root"]
    error_message = "The named account is let in."
  }

  assert {
    condition     = length(setintersection(jsondecode(aws_ecr_repository_policy.this["api"].policy).Statement[0].Action, ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:*"])) == 0
    error_message = "It can pull, not push."
  }

  assert {
    condition     = aws_ecr_registry_scanning_configuration.this[0].scan_type == "ENHANCED"
    error_message = "Inspector scans."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    repository_names     = ["API"]
    untagged_expiry_days = 0
    kept_images          = 5
    pull_account_ids     = ["1234"]
  }

  expect_failures = [
    var.repository_names,
    var.untagged_expiry_days,
    var.kept_images,
    var.pull_account_ids,
  ]
}
