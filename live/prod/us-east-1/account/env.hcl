# What an account has once: registry, identity provider, trail, budget, zone and the states' bucket.

locals {
  environment        = basename(get_terragrunt_dir())
  protected          = true
  log_retention_days = 365

  budget = {
    limit_usd             = 800
    anomaly_threshold_usd = 50
  }
}
