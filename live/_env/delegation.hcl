# The zone of prod delegates the zone of nonprod, which lies below it in another account.

locals {
  mocks        = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
  region       = read_terragrunt_config(find_in_parent_folders("region.hcl")).locals
  organisation = find_in_parent_folders("organisation.hcl")
}

dependency "nonprod" {
  config_path                             = "${dirname(local.organisation)}/nonprod/${local.region.region}/account/dns"
  mock_outputs                            = local.mocks.dns
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  delegations = { nonprod = dependency.nonprod.outputs.name_servers }
}
