# The cache, reached by the nodes and the bastion alone.

locals {
  mocks       = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
  environment = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//elasticache"
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

dependency "bastion" {
  config_path                             = "../bastion"
  mock_outputs                            = local.mocks.bastion
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "observability" {
  config_path                             = "../observability"
  mock_outputs                            = local.mocks.observability
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  kms_key_arn     = dependency.kms.outputs.kms_key_arn
  alarm_topic_arn = dependency.observability.outputs.topic_arn
  vpc_id          = dependency.vpc.outputs.vpc_id
  subnet_ids      = dependency.vpc.outputs.database_subnet_ids

  client_security_group_ids = {
    nodes   = dependency.eks.outputs.node_security_group_id
    bastion = dependency.bastion.outputs.security_group_id
  }

  secret_recovery_window_days = local.environment.protected ? 30 : 0
}
