include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "bastion" {
  path = find_in_parent_folders("_env/bastion.hcl")
}
