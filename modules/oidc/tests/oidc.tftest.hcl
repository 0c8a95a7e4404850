mock_provider "aws" {
  source = "../.testing"
}

variables {
  name       = "expense"
  repository = "example/expense"
  roles = {
    publish = {
      environment          = "publish"
      push_repository_arns = ["arn:aws:ecr:us-east-1:123456789012:repository/expense/api"]
    }
    deploy-dev = {
      environment        = "dev"
      cluster_arns       = ["arn:aws:eks:us-east-1:123456789012:cluster/expense-dev"]
      state_bucket_arns  = ["arn:aws:s3:::expense-state"]
      state_prefix       = "live/nonprod/us-east-1/dev/"
      state_kms_key_arns = ["arn:aws:kms:us-east-1:123456789012:key/state"]
    }
    plan = {
      environment        = "plan"
      policy_arns        = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
      state_bucket_arns  = ["arn:aws:s3:::expense-state"]
      state_prefix       = "live/nonprod/"
      state_kms_key_arns = ["arn:aws:kms:us-east-1:123456789012:key/state"]
      state_read_only    = true
    }
    look = {
      environment = "look"
      policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    }
  }
}

run "roles_are_pinned_to_repository_and_environment" {
  command = apply

  assert {
    condition = {
      for name, role in aws_iam_role.this : name => jsondecode(role.assume_role_policy).Statement[0].Condition
      } == {
      for name, environment in { publish = "publish", deploy-dev = "dev", plan = "plan", look = "look" } : name => {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:example/expense:environment:${environment}"
        }
      }
    }
    error_message = "Audience and subject are compared whole, by StringEquals and nothing else."
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.this : jsondecode(role.assume_role_policy).Statement[0].Action == "sts:AssumeRoleWithWebIdentity" && length(jsondecode(role.assume_role_policy).Statement) == 1 && role.max_session_duration == 3600])
    error_message = "There is no other way in, and sessions last an hour."
  }

  assert {
    condition     = aws_iam_openid_connect_provider.this.url == "https://token.actions.githubusercontent.com" && join(" ", aws_iam_openid_connect_provider.this.client_id_list) == "sts.amazonaws.com"
    error_message = "The provider is GitHub's, for AWS's audience."
  }
}

run "roles_do_what_their_lists_name" {
  command = apply

  assert {
    condition     = join(" ", keys(aws_iam_role_policy.this)) == "deploy-dev plan publish"
    error_message = "A role with nothing but managed policies has no other."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this["publish"].policy).Statement : statement.Sid] == ["PushAndPullImages", "LogInToRegistry"]
    error_message = "The publishing role pushes and logs in."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this["deploy-dev"].policy).Statement : statement.Sid] == ["FindClusters", "ListStates", "ReadWriteStates", "ReleaseStateLocks", "EncryptStates"]
    error_message = "The deploying role finds its cluster and works on its states."
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this["plan"].policy).Statement : statement.Action] == [
      ["s3:ListBucket"], ["s3:GetObject"], ["kms:Decrypt"],
    ]
    error_message = "A role that only reads states can neither write nor lock them."
  }

  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_role_policy.this : [
        for statement in jsondecode(policy.policy).Statement :
        statement.Sid == "LogInToRegistry" ? statement.Action == ["ecr:GetAuthorizationToken"] : !contains(statement.Resource, "*")
      ]
    ]))
    error_message = "Only the registry's login is not limited to a resource."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.this["deploy-dev"].policy).Statement : statement.Resource
      if contains(statement.Action, "s3:DeleteObject")
    ]) == ["arn:aws:s3:::expense-state/live/nonprod/us-east-1/dev/*.tflock"]
    error_message = "Locks can be deleted, states cannot."
  }

  assert {
    condition = { for attachment in aws_iam_role_policy_attachment.this : attachment.role => attachment.policy_arn } == {
      for name in ["look", "plan"] : "expense-${name}" => "arn:aws:iam::aws:policy/ReadOnlyAccess"
    }
    error_message = "Managed policies go to the role that names them."
  }
}

run "wildcards_are_refused" {
  command = plan

  variables {
    repository                   = "example/*"
    max_session_duration_seconds = 60
    roles                        = { any = { environment = "*" } }
  }

  expect_failures = [
    var.repository,
    var.max_session_duration_seconds,
    var.roles,
  ]
}
