# What the load balancer in front of the service needs: certificate, name, web ACL, security group.

locals {
  mocks       = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
  environment = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  account     = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//edge"
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

dependency "observability" {
  config_path                             = "../observability"
  mock_outputs                            = local.mocks.observability
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "dns" {
  config_path                             = "../../account/dns"
  mock_outputs                            = local.mocks.dns
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  kms_key_arn     = dependency.kms.outputs.kms_key_arn
  alarm_topic_arn = dependency.observability.outputs.topic_arn
  vpc_id          = dependency.vpc.outputs.vpc_id
  vpc_cidr_block  = dependency.vpc.outputs.vpc_cidr_block
  zone_id         = dependency.dns.outputs.zone_id
  domain_name     = join(".", compact([local.environment.subdomain, local.account.domain]))
  force_destroy   = !local.environment.protected
}
