# The account's trail, kept where nobody can change it, and the account's own defaults.

locals {
  mocks       = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
  environment = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//audit"
}

dependency "kms" {
  config_path                             = "../kms"
  mock_outputs                            = local.mocks.kms
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "state" {
  config_path                             = "../state"
  mock_outputs                            = local.mocks.state
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "observability" {
  config_path                             = "../observability"
  mock_outputs                            = local.mocks.observability
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  kms_key_arn              = dependency.kms.outputs.kms_key_arn
  alarm_topic_arn          = dependency.observability.outputs.topic_arn
  data_event_bucket_arns   = [dependency.state.outputs.bucket_arn]
  account_baseline_enabled = true
  force_destroy            = !local.environment.protected
}
