locals {
  statements = { for name, role in var.roles : name => concat(
    [for arns in [role.push_repository_arns] : {
      Sid    = "PushAndPullImages"
      Effect = "Allow"
      Action = [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImageScanFindings",
        "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ]
      Resource = arns
    } if length(arns) > 0],
    [for arns in [role.push_repository_arns] : {
      # A login token is for the whole registry; what it opens is decided above.
      Sid      = "LogInToRegistry"
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = ["*"]
    } if length(arns) > 0],
    [for arns in [role.cluster_arns] : {
      Sid      = "FindClusters"
      Effect   = "Allow"
      Action   = ["eks:DescribeCluster"]
      Resource = arns
    } if length(arns) > 0],
    [for arns in [role.state_bucket_arns] : {
      Sid       = "ListStates"
      Effect    = "Allow"
      Action    = ["s3:ListBucket"]
      Resource  = arns
      Condition = { StringLike = { "s3:prefix" = ["${role.state_prefix}*"] } }
    } if length(arns) > 0],
    [for arns in [role.state_bucket_arns] : {
      Sid      = role.state_read_only ? "ReadStates" : "ReadWriteStates"
      Effect   = "Allow"
      Action   = role.state_read_only ? ["s3:GetObject"] : ["s3:GetObject", "s3:PutObject"]
      Resource = [for arn in arns : "${arn}/${role.state_prefix}*"]
    } if length(arns) > 0],
    [for arns in [role.state_bucket_arns] : {
      Sid      = "ReleaseStateLocks"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject"]
      Resource = [for arn in arns : "${arn}/${role.state_prefix}*.tflock"]
    } if length(arns) > 0 && !role.state_read_only],
    [for arns in [role.state_kms_key_arns] : {
      Sid      = role.state_read_only ? "DecryptStates" : "EncryptStates"
      Effect   = "Allow"
      Action   = role.state_read_only ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = arns
    } if length(arns) > 0],
  ) }
}
