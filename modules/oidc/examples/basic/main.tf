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

module "oidc" {
  source = "../.."

  name       = "expense"
  repository = "example/expense"

  roles = {
    publish = {
      environment          = "publish"
      push_repository_arns = ["arn:aws:ecr:us-east-1:123456789012:repository/expense/api"]
    }
    deploy-dev = {
      environment  = "dev"
      cluster_arns = ["arn:aws:eks:us-east-1:123456789012:cluster/expense-dev"]
    }
  }
}
