mock_provider "aws" {
  source = "../.testing"
}

variables {
  name              = "expense-prod"
  kms_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  cluster_name      = "expense-prod"
  cluster_arn       = "arn:aws:eks:us-east-1:123456789012:cluster/expense-prod"
  secret_arns       = { database = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1" }
  log_group_arns    = { application = "arn:aws:logs:us-east-1:123456789012:log-group:/expense-prod/application" }
  export_bucket_arn = "arn:aws:s3:::expense-prod-exports-123456789012"
  web_acl_arn       = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/expense-prod/1"
}

run "each_role_goes_to_one_service_account_of_this_cluster" {
  command = apply

  variables {
    service_accounts = { application = { namespace = "ledger", name = "api" } }
  }

  assert {
    condition = {
      for name, role in aws_iam_role.this : name => jsondecode(role.assume_role_policy).Statement[0].Condition
      } == {
      for name, account in {
        application              = ["ledger", "api"]
        fluent_bit               = ["logging", "fluent-bit"]
        external_secrets         = ["external-secrets", "external-secrets"]
        load_balancer_controller = ["kube-system", "aws-load-balancer-controller"]
        cluster_autoscaler       = ["kube-system", "cluster-autoscaler"]
        } : name => {
        StringEquals = {
          "aws:RequestTag/eks-cluster-arn"            = "arn:aws:eks:us-east-1:123456789012:cluster/expense-prod"
          "aws:RequestTag/kubernetes-namespace"       = account[0]
          "aws:RequestTag/kubernetes-service-account" = account[1]
        }
      }
    }
    error_message = "Cluster, namespace and service account are compared whole."
  }

  assert {
    condition = alltrue([
      for name, association in aws_eks_pod_identity_association.this :
      jsondecode(aws_iam_role.this[name].assume_role_policy).Statement[0].Condition.StringEquals["aws:RequestTag/kubernetes-service-account"] == association.service_account && association.cluster_name == "expense-prod" && association.namespace == jsondecode(aws_iam_role.this[name].assume_role_policy).Statement[0].Condition.StringEquals["aws:RequestTag/kubernetes-namespace"]
    ]) && length(aws_eks_pod_identity_association.this) == 5
    error_message = "Each association matches its role's conditions."
  }
}

run "nothing_is_wild" {
  command = apply

  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_role_policy.this : [
        for statement in jsondecode(policy.policy).Statement : [
          for action in flatten([statement.Action]) : !strcontains(action, "*")
        ]
      ]
    ]))
    error_message = "No action is a wildcard."
  }

  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_role_policy.this : [
        for statement in jsondecode(policy.policy).Statement : [
          for action in flatten([statement.Action]) : can(regex("^[a-z0-9-]+:(Describe|Get|List)", action))
        ] if contains(flatten([statement.Resource]), "*")
      ]
    ]))
    error_message = "Only reads that AWS cannot limit to a resource are for all of them."
  }

  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.this : length(policy.policy) <= 10240])
    error_message = "Each policy is within what IAM takes inline."
  }
}

run "the_application_has_its_exports_only" {
  command = apply

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.this["application"].policy).Statement : statement.Sid => statement.Resource
      } == {
      ListExports         = "arn:aws:s3:::expense-prod-exports-123456789012"
      WriteAndReadExports = "arn:aws:s3:::expense-prod-exports-123456789012/exports/*"
      EncryptExports      = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    }
    error_message = "It works below exports/ of the one bucket."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this["application"].policy).Statement[2].Condition.StringEquals["kms:ViaService"] == "s3.us-east-1.amazonaws.com"
    error_message = "It uses the key through S3 only."
  }
}

run "logs_and_secrets_are_the_named_ones" {
  command = apply

  assert {
    condition     = jsondecode(aws_iam_role_policy.this["fluent_bit"].policy).Statement[0].Resource == ["arn:aws:logs:us-east-1:123456789012:log-group:/expense-prod/application", "arn:aws:logs:us-east-1:123456789012:log-group:/expense-prod/application:log-stream:*"]
    error_message = "Fluent Bit writes to the named groups."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this["external_secrets"].policy).Statement[0].Resource == ["arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1"] && jsondecode(aws_iam_role_policy.this["external_secrets"].policy).Statement[1].Condition.StringEquals["kms:ViaService"] == "secretsmanager.us-east-1.amazonaws.com"
    error_message = "External Secrets reads the named secrets, and uses the key through Secrets Manager only."
  }
}

run "controllers_change_their_own_cluster_s_resources" {
  command = apply

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this["load_balancer_controller"].policy).Statement :
      try(statement.Condition.StringEquals["aws:RequestTag/elbv2.k8s.aws/cluster"], statement.Condition.StringEquals["aws:ResourceTag/elbv2.k8s.aws/cluster"], "") == "expense-prod"
      if contains(["Create", "TagWhatIsCreated", "RetagOwn", "ChangeOwn"], statement.Sid)
    ]) && length(setsubtract(["Create", "TagWhatIsCreated", "RetagOwn", "ChangeOwn"], [for statement in jsondecode(aws_iam_role_policy.this["load_balancer_controller"].policy).Statement : statement.Sid])) == 0
    error_message = "Load balancers are made and changed under this cluster's tag."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.this["load_balancer_controller"].policy).Statement : statement.Condition.Null["aws:RequestTag/elbv2.k8s.aws/cluster"] if statement.Sid == "RetagOwn"]) == "true"
    error_message = "That tag is not changed afterwards."
  }

  assert {
    condition     = !anytrue([for statement in jsondecode(aws_iam_role_policy.this["load_balancer_controller"].policy).Statement : anytrue([for action in flatten([statement.Action]) : can(regex("SecurityGroup(Ingress|Egress)?$", action)) && startswith(action, "ec2:") && !startswith(action, "ec2:Describe")])])
    error_message = "The controller changes no security group."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.this["cluster_autoscaler"].policy).Statement : statement.Condition.StringEquals
      if contains(flatten([statement.Action]), "autoscaling:SetDesiredCapacity")
      ]) == {
      "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled"      = "true"
      "aws:ResourceTag/k8s.io/cluster-autoscaler/expense-prod" = "owned"
    }
    error_message = "The autoscaler scales this cluster's groups only."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    cluster_name      = "expense prod"
    cluster_arn       = "expense-prod"
    secret_arns       = { all = "arn:aws:secretsmanager:us-east-1:123456789012:secret:*" }
    log_group_arns    = { all = "arn:aws:logs:us-east-1:123456789012:log-group:*" }
    export_bucket_arn = "expense-prod-exports"
    web_acl_arn       = "expense-prod"
  }

  expect_failures = [
    var.cluster_name,
    var.cluster_arn,
    var.secret_arns,
    var.log_group_arns,
    var.export_bucket_arn,
    var.web_acl_arn,
  ]
}
