include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "vpc" {
  path = find_in_parent_folders("_env/vpc.hcl")
}
