include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "ecr" {
  path = find_in_parent_folders("_env/ecr.hcl")
}
