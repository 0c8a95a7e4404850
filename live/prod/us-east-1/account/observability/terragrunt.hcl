include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "observability" {
  path = find_in_parent_folders("_env/observability.hcl")
}
