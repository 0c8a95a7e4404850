# The account's public zone. The zone of an account below this one is delegated to it.

locals {
  account     = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  environment = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//dns"
}

inputs = {
  domain_name   = local.account.domain
  force_destroy = !local.environment.protected
}
