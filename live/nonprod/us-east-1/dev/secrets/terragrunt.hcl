include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "secrets" {
  path = find_in_parent_folders("_env/secrets.hcl")
}
