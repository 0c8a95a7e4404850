include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "dns" {
  path = find_in_parent_folders("_env/dns.hcl")
}

include "delegation" {
  path = find_in_parent_folders("_env/delegation.hcl")
}
