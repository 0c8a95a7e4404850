# The monthly budget: of one environment by its tag, or of the whole account.

locals {
  mocks       = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
  environment = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//budget"
}

dependency "observability" {
  config_path                             = "../observability"
  mock_outputs                            = local.mocks.observability
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  topic_arn = dependency.observability.outputs.topic_arn
  cost_tag  = local.environment.environment == "account" ? null : { key = "Environment", value = local.environment.environment }
}
