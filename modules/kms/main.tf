data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  account_id = data.aws_caller_identity.this.account_id
  partition  = data.aws_partition.this.partition
  region     = data.aws_region.this.name

  data_key_actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]

  autoscaling_role_arn = "arn:${local.partition}:iam::${local.account_id}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"

  # Auto Scaling's service-linked role does not exist in an account before its
  # first use, and KMS refuses a policy whose principal does not exist. So the
  # principal is anyone of this account, narrowed to that role by a condition.
  autoscaling_principal = {
    "kms:CallerAccount" = local.account_id
    "aws:PrincipalArn"  = local.autoscaling_role_arn
  }

  statements = concat(
    [
      {
        Sid       = "DelegateToIam"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "CloudWatchLogs"
        Effect    = "Allow"
        Principal = { Service = "logs.${local.region}.amazonaws.com" }
        Action    = local.data_key_actions
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:*"
          }
        }
      },
    ],
    [for principals in [sort(var.service_principals)] :
      {
        Sid       = "ServicesOnBehalfOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = principals }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
      } if length(principals) > 0
    ],
    [for names in [sort(var.cloudtrail_names)] :
      {
        Sid       = "CloudTrail"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = ["kms:DescribeKey", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = [for name in names : "arn:${local.partition}:cloudtrail:${local.region}:${local.account_id}:trail/${name}"]
          }
        }
      } if length(names) > 0
    ],
    [for statement in [
      {
        Sid       = "AutoScalingVolumes"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = local.data_key_actions
        Resource  = "*"
        Condition = { StringEquals = local.autoscaling_principal }
      },
      {
        Sid       = "AutoScalingGrants"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = "kms:CreateGrant"
        Resource  = "*"
        Condition = {
          StringEquals = local.autoscaling_principal
          Bool         = { "kms:GrantIsForAWSResource" = "true" }
        }
      },
    ] : statement if var.autoscaling_enabled],
  )
}

resource "aws_kms_key" "this" {
  #checkov:skip=CKV_AWS_33:The two statements with principal * are narrowed to this account's Auto Scaling role by conditions; a principal that does not exist yet cannot be named.
  description             = "${var.name}: ${var.description}"
  deletion_window_in_days = var.deletion_window_in_days
  enable_key_rotation     = true
  rotation_period_in_days = var.rotation_period_in_days

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.statements
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}
