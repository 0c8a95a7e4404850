include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "state" {
  path = find_in_parent_folders("_env/state.hcl")
}
