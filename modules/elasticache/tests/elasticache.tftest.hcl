# The real provider plans here, without credentials and without a call: a mocked
# provider refuses every module that has an ephemeral resource. The secret that
# the module makes itself is proven where an API answers, by tests/infrastructure.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_secretsmanager_secret_version.this
  values = { secret_string = "{\"username\":\"expense\",\"password\":\"0123456789abcdef0123456789abcdef\"}" }
}

override_resource {
  target          = aws_security_group.this
  override_during = plan
  values          = { id = "sg-cache" }
}

variables {
  name                      = "expense-prod"
  kms_key_arn               = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  vpc_id                    = "vpc-0123456789abcdef0"
  subnet_ids                = ["subnet-a", "subnet-b"]
  client_security_group_ids = { nodes = "sg-nodes" }
  secret_arn                = "arn:aws:secretsmanager:us-east-1:123456789012:secret:expense-prod/cache-AbCdEf"
  alarm_topic_arn           = "arn:aws:sns:us-east-1:123456789012:expense-prod-alarms"
}

run "the_cache_is_encrypted_at_rest_and_on_the_way" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.this.transit_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_mode == "required"
    error_message = "Clients must use TLS."
  }

  assert {
    condition     = tobool(aws_elasticache_replication_group.this.at_rest_encryption_enabled) && aws_elasticache_replication_group.this.kms_key_id == var.kms_key_arn
    error_message = "Data at rest is encrypted with the environment's key."
  }
}

run "users_have_their_rights_and_no_more" {
  command = plan

  assert {
    condition     = join(" ", aws_elasticache_replication_group.this.user_group_ids) == "expense-prod" && length(aws_elasticache_user_group.this.user_ids) == 2
    error_message = "The cache knows the group's two users."
  }

  assert {
    condition     = aws_elasticache_user.application.user_name == "expense" && aws_elasticache_user.application.authentication_mode[0].type == "password" && length(aws_elasticache_user.application.authentication_mode[0].passwords) == 1
    error_message = "The application's user has a password."
  }

  assert {
    condition     = strcontains(aws_elasticache_user.application.access_string, "-@admin") && strcontains(aws_elasticache_user.application.access_string, "-@dangerous") && !strcontains(aws_elasticache_user.application.access_string, "nopass")
    error_message = "The application's user administers nothing."
  }

  assert {
    condition     = aws_elasticache_user.default.user_name == "default" && startswith(aws_elasticache_user.default.access_string, "off ") && endswith(aws_elasticache_user.default.access_string, "-@all")
    error_message = "The user named default is switched off."
  }

  assert {
    condition     = length(aws_secretsmanager_secret.this) == 0 && output.secret_arn == var.secret_arn
    error_message = "A given secret is used, and no other made."
  }
}

run "only_the_named_groups_connect" {
  command = plan

  assert {
    condition     = { for name, rule in aws_vpc_security_group_ingress_rule.this : name => rule.referenced_security_group_id } == { nodes = "sg-nodes" }
    error_message = "Each client group has one rule."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.this : rule.cidr_ipv4 == null && rule.from_port == 6379 && rule.to_port == 6379])
    error_message = "Rules name groups, not addresses, and the cache's port only."
  }
}

run "one_node_without_failover" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 1 && !aws_elasticache_replication_group.this.automatic_failover_enabled && !aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "Development has one node."
  }

  assert {
    condition     = aws_elasticache_parameter_group.this.family == "valkey8" && one(aws_elasticache_parameter_group.this.parameter).value == "allkeys-lru"
    error_message = "The parameter group is the engine's, and a full cache evicts."
  }
}

run "replicas_take_over" {
  command = plan

  variables {
    num_cache_clusters = 2
    multi_az_enabled   = true
    engine             = "redis"
    engine_version     = "7.1"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "Production has a replica in another zone that takes over."
  }

  assert {
    condition     = aws_elasticache_parameter_group.this.family == "redis7" && aws_elasticache_user.application.engine == "redis" && aws_elasticache_user_group.this.engine == "redis"
    error_message = "Everything is of one engine."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 8 && contains([for alarm in aws_cloudwatch_metric_alarm.this : alarm.dimensions.CacheClusterId], "expense-prod-002")
    error_message = "Each node has its alarms."
  }
}

run "what_happens_is_seen" {
  command = plan

  assert {
    condition     = length(aws_elasticache_replication_group.this.log_delivery_configuration) == 2 && alltrue([for configuration in aws_elasticache_replication_group.this.log_delivery_configuration : configuration.log_format == "json" && startswith(configuration.destination, "/aws/elasticache/expense-prod/")])
    error_message = "Slow and engine log go to CloudWatch."
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.kms_key_arn && group.retention_in_days == 30])
    error_message = "Logs are encrypted and expire."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : join("", alarm.alarm_actions) == var.alarm_topic_arn])
    error_message = "Every alarm notifies."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    subnet_ids                  = ["subnet-a"]
    client_security_group_ids   = { world = "0.0.0.0/0" }
    node_type                   = "t3.micro"
    engine_version              = "7.1"
    num_cache_clusters          = 1
    multi_az_enabled            = true
    username                    = "default"
    access_string               = "on nopass ~* +@all"
    secret_arn                  = "expense-prod/cache"
    password_version            = 0
    secret_recovery_window_days = 5
    maxmemory_policy            = "random"
    snapshot_retention_days     = 36
    maintenance_window          = "someday"
  }

  expect_failures = [
    var.subnet_ids,
    var.client_security_group_ids,
    var.node_type,
    var.engine_version,
    var.multi_az_enabled,
    var.username,
    var.access_string,
    var.secret_arn,
    var.password_version,
    var.secret_recovery_window_days,
    var.maxmemory_policy,
    var.snapshot_retention_days,
    var.maintenance_window,
  ]
}
