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

module "vpc" {
  source = "../.."

  name                 = "expense-dev"
  kms_key_arn          = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  cidr_block           = "10.10.0.0/16"
  availability_zones   = ["us-east-1a", "us-east-1b"]
  nat_gateway_per_zone = false
  interface_endpoints  = ["ssm", "ssmmessages"]
}
