# The cluster, and who may use its API: its administrators and the job that deploys to it.

locals {
  mocks        = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
  environment  = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  account      = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  organisation = read_terragrunt_config(find_in_parent_folders("organisation.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//eks"
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

dependency "bastion" {
  config_path                             = "../bastion"
  mock_outputs                            = local.mocks.bastion
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "edge" {
  config_path                             = "../edge"
  mock_outputs                            = local.mocks.edge
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "oidc" {
  config_path                             = "../../account/oidc"
  mock_outputs                            = local.mocks.oidc
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  kms_key_arn                      = dependency.kms.outputs.kms_key_arn
  vpc_id                           = dependency.vpc.outputs.vpc_id
  subnet_ids                       = dependency.vpc.outputs.private_subnet_ids
  endpoint_public_access_cidrs     = local.environment.api_server_public ? local.organisation.operator_cidr_blocks : []
  api_client_security_group_ids    = { bastion = dependency.bastion.outputs.security_group_id }
  load_balancer_security_group_ids = { edge = dependency.edge.outputs.security_group_id }

  access_entries = {
    administrators = {
      principal_arn = "arn:aws:iam::${local.account.account_id}:role/${local.organisation.administrator_role}"
      policy        = "AmazonEKSClusterAdminPolicy"
    }
    deployment = {
      principal_arn = dependency.oidc.outputs.role_arns["deploy-${local.environment.environment}"]
      policy        = "AmazonEKSClusterAdminPolicy"
    }
  }
}
