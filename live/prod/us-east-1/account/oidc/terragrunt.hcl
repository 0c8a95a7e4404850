include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "oidc" {
  path = find_in_parent_folders("_env/oidc.hcl")
}
