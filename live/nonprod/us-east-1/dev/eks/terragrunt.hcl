include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "eks" {
  path = find_in_parent_folders("_env/eks.hcl")
}
