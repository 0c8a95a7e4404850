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

module "budget" {
  source = "../.."

  name            = "expense-dev"
  limit_usd       = 200
  cost_tag        = { key = "Environment", value = "dev" }
  email_addresses = ["owner@example.com"]
}
