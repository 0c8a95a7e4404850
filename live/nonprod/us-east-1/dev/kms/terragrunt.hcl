include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "kms" {
  path = find_in_parent_folders("_env/kms.hcl")
}
