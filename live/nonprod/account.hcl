# What holds for the whole account, which is named like its folder.

locals {
  organisation = read_terragrunt_config("${get_terragrunt_dir()}/../organisation.hcl").locals

  account             = basename(get_terragrunt_dir())
  account_id          = local.organisation.account_ids[local.account]
  deployment_role_arn = local.organisation.deployment_role == "" ? "" : "arn:aws:iam::${local.account_id}:role/${local.organisation.deployment_role}"

  # The account's public zone.
  domain = "${local.account}.${local.organisation.domain}"
}
