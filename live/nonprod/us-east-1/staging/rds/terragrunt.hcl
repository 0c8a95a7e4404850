include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "rds" {
  path = find_in_parent_folders("_env/rds.hcl")
}
