# Development: the smallest of everything, a second of nothing, gone in one destroy.

locals {
  environment        = basename(get_terragrunt_dir())
  subdomain          = local.environment
  zone_count         = 2
  api_server_public  = true
  protected          = false
  log_retention_days = 7

  vpc = {
    cidr_block           = "10.10.0.0/16"
    nat_gateway_per_zone = false
  }

  eks = {
    node_groups = {
      general = {
        instance_types = ["t3.medium", "t3a.medium"]
        capacity_type  = "SPOT"
        min_size       = 1
        desired_size   = 2
        max_size       = 3
      }
    }
  }

  bastion = {
    instance_type = "t3.small"
  }

  rds = {
    instance_class        = "db.t3.micro"
    multi_az              = false
    backup_retention_days = 1
  }

  elasticache = {
    node_type          = "cache.t3.micro"
    num_cache_clusters = 1
  }

  backups = {
    retention_days = 7
  }

  budget = {
    limit_usd = 250
  }
}
