# Production: no zone's loss stops it, nothing in it is deleted by one command, its API server is private.

locals {
  environment        = basename(get_terragrunt_dir())
  subdomain          = ""
  zone_count         = 3
  api_server_public  = false
  protected          = true
  log_retention_days = 365

  vpc = {
    cidr_block           = "10.30.0.0/16"
    nat_gateway_per_zone = true
  }

  eks = {
    zonal_shift_enabled = true

    node_groups = {
      general = {
        instance_types = ["t3.large"]
        capacity_type  = "ON_DEMAND"
        min_size       = 3
        desired_size   = 3
        max_size       = 6
      }
    }
  }

  bastion = {
    instance_type = "t3.medium"
  }

  rds = {
    instance_class        = "db.t3.small"
    multi_az              = true
    backup_retention_days = 35
  }

  elasticache = {
    node_type          = "cache.t3.micro"
    num_cache_clusters = 2
    multi_az_enabled   = true
  }

  backups = {
    retention_days                = 365
    vault_lock_min_retention_days = 30
  }

  budget = {
    limit_usd = 700
  }
}
