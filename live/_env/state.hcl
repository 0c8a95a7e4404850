# The bucket of the account's states in this region, which Terragrunt makes and this unit takes over.

locals {
  environment = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  region      = read_terragrunt_config(find_in_parent_folders("region.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//state"
}

# Terragrunt has made the bucket before the first unit can run: take it over instead of making it.
generate "adopt" {
  path      = "adopt.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<-HCL
    import {
      to = aws_s3_bucket.this
      id = "${local.region.state_bucket_name}"
    }
  HCL
}

# A destroy of everything must not delete the states while it works from them.
exclude {
  if      = true
  actions = ["destroy"]
}

inputs = {
  bucket_name             = local.region.state_bucket_name
  deletion_window_in_days = local.environment.protected ? 30 : 7
}
