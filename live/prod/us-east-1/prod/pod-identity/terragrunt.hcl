include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "pod-identity" {
  path = find_in_parent_folders("_env/pod-identity.hcl")
}
