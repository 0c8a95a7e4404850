# What holds for one region, which is named like its folder.

locals {
  organisation = read_terragrunt_config("${get_terragrunt_dir()}/../../organisation.hcl").locals
  account      = read_terragrunt_config("${get_terragrunt_dir()}/../account.hcl").locals

  region             = basename(get_terragrunt_dir())
  availability_zones = [for letter in ["a", "b", "c"] : "${local.region}${letter}"]

  # Names of buckets are shared by all of AWS: the account's number makes this one ours.
  state_bucket_name = "${local.organisation.project}-state-${local.account.account_id}-${local.region}"

  # Folders beside this file that hold an environment, the account's own left out.
  environments = [
    for file in fileset(get_terragrunt_dir(), "*/env.hcl") : dirname(file) if dirname(file) != "account"
  ]
}
