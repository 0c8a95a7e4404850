include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "budget" {
  path = find_in_parent_folders("_env/budget.hcl")
}
