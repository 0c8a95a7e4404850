locals {
  application_statements = [
    {
      Sid       = "ListExports"
      Effect    = "Allow"
      Action    = "s3:ListBucket"
      Resource  = var.export_bucket_arn
      Condition = { StringLike = { "s3:prefix" = "exports/*" } }
    },
    {
      Sid      = "WriteAndReadExports"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "${var.export_bucket_arn}/exports/*"
    },
    {
      Sid       = "EncryptExports"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = var.kms_key_arn
      Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.amazonaws.com" } }
    },
  ]

  fluent_bit_statements = [
    {
      Sid      = "WriteLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = flatten([for arn in values(var.log_group_arns) : [arn, "${arn}:log-stream:*"]])
    },
  ]

  external_secrets_statements = [
    {
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
      Resource = values(var.secret_arns)
    },
    {
      Sid       = "DecryptSecrets"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = var.kms_key_arn
      Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.amazonaws.com" } }
    },
  ]

  # EKS tags the Auto Scaling group of every managed node group with these two.
  cluster_autoscaler_statements = [
    {
      Sid    = "ScaleOwnGroups"
      Effect = "Allow"
      Action = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
      Resource = [
        "arn:${local.partition}:autoscaling:${local.region}:${local.account_id}:autoScalingGroup:*:autoScalingGroupName/*",
      ]
      Condition = {
        StringEquals = {
          "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled"             = "true"
          "aws:ResourceTag/k8s.io/cluster-autoscaler/${var.cluster_name}" = "owned"
        }
      }
    },
    {
      Sid      = "DescribeNodeGroups"
      Effect   = "Allow"
      Action   = "eks:DescribeNodegroup"
      Resource = "arn:${local.partition}:eks:${local.region}:${local.account_id}:nodegroup/${var.cluster_name}/*/*"
    },
    {
      # None of these calls can be limited to a resource.
      Sid    = "DescribeCapacity"
      Effect = "Allow"
      Action = [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
      ]
      Resource = "*"
    },
  ]
}
