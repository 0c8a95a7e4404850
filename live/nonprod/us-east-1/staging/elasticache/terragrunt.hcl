include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

include "elasticache" {
  path = find_in_parent_folders("_env/elasticache.hcl")
}
