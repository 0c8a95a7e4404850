include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "edge" {
  path = find_in_parent_folders("_env/edge.hcl")
}
