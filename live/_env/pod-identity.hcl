# The roles of the pods: the application's and those of what runs beside it.

locals {
  mocks = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//pod-identity"
}

dependency "kms" {
  config_path                             = "../kms"
  mock_outputs                            = local.mocks.kms
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "vpc" {
  config_path                             = "../vpc"
  mock_outputs                            = local.mocks.vpc
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "eks" {
  config_path                             = "../eks"
  mock_outputs                            = local.mocks.eks
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "secrets" {
  config_path                             = "../secrets"
  mock_outputs                            = local.mocks.secrets
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "rds" {
  config_path                             = "../rds"
  mock_outputs                            = local.mocks.rds
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "elasticache" {
  config_path                             = "../elasticache"
  mock_outputs                            = local.mocks.elasticache
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "observability" {
  config_path                             = "../observability"
  mock_outputs                            = local.mocks.observability
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "backups" {
  config_path                             = "../backups"
  mock_outputs                            = local.mocks.backups
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "edge" {
  config_path                             = "../edge"
  mock_outputs                            = local.mocks.edge
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  kms_key_arn       = dependency.kms.outputs.kms_key_arn
  vpc_id            = dependency.vpc.outputs.vpc_id
  cluster_name      = dependency.eks.outputs.cluster_name
  cluster_arn       = dependency.eks.outputs.cluster_arn
  log_group_arns    = dependency.observability.outputs.log_group_arns
  export_bucket_arn = dependency.backups.outputs.bucket_arn
  web_acl_arn       = dependency.edge.outputs.web_acl_arn

  secret_arns = merge(dependency.secrets.outputs.secret_arns, {
    cache    = dependency.elasticache.outputs.secret_arn
    database = dependency.rds.outputs.master_user_secret_arn
  })
}
