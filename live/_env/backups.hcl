# The bucket for exports, and the plan that saves it and the database.

locals {
  mocks       = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
  environment = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//backups"
}

dependency "kms" {
  config_path                             = "../kms"
  mock_outputs                            = local.mocks.kms
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "observability" {
  config_path                             = "../observability"
  mock_outputs                            = local.mocks.observability
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "rds" {
  config_path                             = "../rds"
  mock_outputs                            = local.mocks.rds
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  kms_key_arn     = dependency.kms.outputs.kms_key_arn
  alarm_topic_arn = dependency.observability.outputs.topic_arn
  resource_arns   = { database = dependency.rds.outputs.instance_arn }
  force_destroy   = !local.environment.protected
}
