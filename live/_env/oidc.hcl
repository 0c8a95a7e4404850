# What the repository's workflows may do here: publish images, plan, and deploy to each environment of the region.

locals {
  mocks        = read_terragrunt_config(find_in_parent_folders("_env/mocks.hcl")).locals
  account      = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  region       = read_terragrunt_config(find_in_parent_folders("region.hcl")).locals
  organisation = read_terragrunt_config(find_in_parent_folders("organisation.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("terragrunt.hcl"))}/modules//oidc"
}

dependency "ecr" {
  config_path                             = "../ecr"
  mock_outputs                            = local.mocks.ecr
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "state" {
  config_path                             = "../state"
  mock_outputs                            = local.mocks.state
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  repository = local.organisation.github_repository

  roles = merge(
    {
      publish = {
        environment          = "publish"
        push_repository_arns = values(dependency.ecr.outputs.repository_arns)
      }
    },
    {
      plan = {
        environment        = "plan"
        policy_arns        = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
        state_bucket_arns  = [dependency.state.outputs.bucket_arn]
        state_prefix       = "live/${local.account.account}/${local.region.region}/"
        state_kms_key_arns = [dependency.state.outputs.kms_key_arn]
        state_read_only    = true
      }
    },
    {
      for environment in local.region.environments : "deploy-${environment}" => {
        environment        = environment
        cluster_arns       = ["arn:aws:eks:${local.region.region}:${local.account.account_id}:cluster/${local.organisation.project}-${environment}"]
        state_bucket_arns  = [dependency.state.outputs.bucket_arn]
        state_prefix       = "live/${local.account.account}/${local.region.region}/${environment}/"
        state_kms_key_arns = [dependency.state.outputs.kms_key_arn]
      }
    },
  )
}
