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

module "eks" {
  source = "../.."

  name               = "expense-dev"
  kms_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  vpc_id             = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  kubernetes_version = "1.35"

  api_client_security_group_ids    = { bastion = "sg-0123456789abcdef0" }
  load_balancer_security_group_ids = { edge = "sg-0123456789abcdef1" }

  node_groups = {
    general = {
      instance_types = ["t3.medium", "t3a.medium"]
      capacity_type  = "SPOT"
      min_size       = 1
      max_size       = 3
      desired_size   = 2
    }
  }

  addon_versions = {
    vpc_cni            = "v1.21.1-eksbuild.7"
    kube_proxy         = "v1.35.3-eksbuild.2"
    coredns            = "v1.13.2-eksbuild.4"
    pod_identity_agent = "v1.3.10-eksbuild.3"
    ebs_csi_driver     = "v1.58.0-eksbuild.1"
    metrics_server     = "v0.8.1-eksbuild.5"
  }

  access_entries = {
    administrators = {
      principal_arn = "arn:aws:iam::123456789012:role/administrator"
      policy        = "AmazonEKSClusterAdminPolicy"
    }
  }
}
