include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "audit" {
  path = find_in_parent_folders("_env/audit.hcl")
}
