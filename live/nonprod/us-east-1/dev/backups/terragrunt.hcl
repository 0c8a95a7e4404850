include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "backups" {
  path = find_in_parent_folders("_env/backups.hcl")
}
