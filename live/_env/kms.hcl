# The key of one environment, or of what an account has once.

locals {
  environment  = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  organisation = read_terragrunt_config(find_in_parent_folders("organisation.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//kms"
}

inputs = {
  # CloudTrail encrypts with the account's key under the name that the unit `audit` gives its trail.
  cloudtrail_names        = local.environment.environment == "account" ? ["${local.organisation.project}-account"] : []
  deletion_window_in_days = local.environment.protected ? 30 : 7
}
