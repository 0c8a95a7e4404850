# Staging: prod's shape, with a standby database, at a smaller size and one NAT gateway.

locals {
  environment        = basename(get_terragrunt_dir())
  subdomain          = local.environment
  zone_count         = 2
  api_server_public  = true
  protected          = false
  log_retention_days = 30

  vpc = {
    cidr_block           = "10.20.0.0/16"
    nat_gateway_per_zone = false
  }

  eks = {
    node_groups = {
      general = {
        instance_types = ["t3.medium", "t3a.medium"]
        capacity_type  = "SPOT"
        min_size       = 2
        desired_size   = 2
        max_size       = 4
      }
    }
  }

  bastion = {
    instance_type = "t3.medium"
  }

  rds = {
    instance_class        = "db.t3.small"
    multi_az              = true
    backup_retention_days = 7
  }

  elasticache = {
    node_type          = "cache.t3.micro"
    num_cache_clusters = 1
  }

  backups = {
    retention_days = 14
  }

  budget = {
    limit_usd = 400
  }
}
