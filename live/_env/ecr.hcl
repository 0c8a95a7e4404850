# The registry of the account's images.

locals {
  mocks       = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
  environment = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//ecr"
}

dependency "kms" {
  config_path                             = "../kms"
  mock_outputs                            = local.mocks.kms
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  kms_key_arn  = dependency.kms.outputs.kms_key_arn
  force_delete = !local.environment.protected
}
