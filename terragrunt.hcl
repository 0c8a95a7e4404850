# The root of every unit in live/: where its state lies, which account and region its provider is
# bound to, and the inputs that account.hcl, region.hcl and env.hcl give it.

locals {
  organisation = read_terragrunt_config(find_in_parent_folders("organisation.hcl")).locals
  account      = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  region       = read_terragrunt_config(find_in_parent_folders("region.hcl")).locals
  environment  = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  defaults     = read_terragrunt_config(find_in_parent_folders("_env/defaults.hcl")).locals

  unit = basename(get_original_terragrunt_dir())
  name = "${local.organisation.project}-${local.environment.environment}"

  tags = {
    Project     = local.organisation.project
    Environment = local.environment.environment
    Unit        = local.unit
    ManagedBy   = "terragrunt"
    Repository  = local.organisation.github_repository
  }
}

# Each account's units act through a role of that account, so that one run from live/ reaches all.
iam_role = local.account.deployment_role_arn

remote_state {
  backend = "s3"

  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }

  config = {
    bucket       = local.region.state_bucket_name
    key          = "${path_relative_to_include()}/terraform.tfstate"
    region       = local.region.region
    encrypt      = true
    use_lockfile = true
  }
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<-HCL
    provider "aws" {
      region              = "${local.region.region}"
      allowed_account_ids = ["${local.account.account_id}"]

      default_tags {
        tags = ${jsonencode(local.tags)}
      }
    }
  HCL
}

terraform {
  # Versions are pinned by each module's versions.tf; a lock file a unit would be fifty copies of it.
  copy_terraform_lock_file = false

  # A module's tests name mock data beside the modules, which a unit has no use for.
  exclude_from_copy = ["**/tests", "**/tests/**", "**/examples", "**/examples/**"]
}

# What every module may want, then what the files say for this unit by its name.
inputs = merge(
  {
    name               = local.name
    tags               = local.tags
    log_retention_days = local.environment.log_retention_days
    email_addresses    = local.organisation.alert_emails
  },
  lookup(local.defaults, local.unit, {}),
  lookup(local.account, local.unit, {}),
  lookup(local.region, local.unit, {}),
  lookup(local.environment, local.unit, {}),
)
