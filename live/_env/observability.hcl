# Where alarms go, and the log groups that Fluent Bit writes.

locals {
  mocks = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//observability"
}

dependency "kms" {
  config_path                             = "../kms"
  mock_outputs                            = local.mocks.kms
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  kms_key_arn = dependency.kms.outputs.kms_key_arn
}
