terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 6.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

module "pod_identity" {
  source = "../.."

  name              = "expense-dev"
  kms_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  cluster_name      = "expense-dev"
  cluster_arn       = "arn:aws:eks:us-east-1:123456789012:cluster/expense-dev"
  export_bucket_arn = "arn:aws:s3:::expense-dev-exports-123456789012"
  web_acl_arn       = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/expense-dev/11111111-2222-3333-4444-555555555555"

  secret_arns    = { database = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-11111111-AbCdEf" }
  log_group_arns = { application = "arn:aws:logs:us-east-1:123456789012:log-group:/expense-dev/application" }
}
