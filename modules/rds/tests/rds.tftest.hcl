mock_provider "aws" {
  source = "../.testing"
}

variables {
  name                      = "expense-prod"
  kms_key_arn               = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  vpc_id                    = "vpc-0123456789abcdef0"
  subnet_ids                = ["subnet-a", "subnet-b"]
  client_security_group_ids = { nodes = "sg-nodes", bastion = "sg-bastion" }
  instance_class            = "db.t3.small"
  multi_az                  = true
  backup_retention_days     = 14
  deletion_protection       = true
  skip_final_snapshot       = false
  alarm_topic_arn           = "arn:aws:sns:us-east-1:123456789012:expense-prod-alarms"
  event_topic_arn           = "arn:aws:sns:us-east-1:123456789012:expense-prod-alarms"
}

run "the_database_is_private_and_encrypted" {
  command = apply

  assert {
    condition     = aws_db_instance.this.publicly_accessible == false
    error_message = "The database has no public address."
  }

  assert {
    condition     = aws_db_instance.this.storage_encrypted && aws_db_instance.this.kms_key_id == var.kms_key_arn
    error_message = "Storage is encrypted with the environment's key."
  }

  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.master_user_secret_kms_key_id == var.kms_key_arn && aws_db_instance.this.password == null
    error_message = "RDS keeps the administrator's password; no configuration holds it."
  }

  assert {
    condition     = aws_db_instance.this.iam_database_authentication_enabled
    error_message = "IAM authentication is possible."
  }

  assert {
    condition     = join(" ", aws_db_instance.this.vpc_security_group_ids) == aws_security_group.this.id && join(" ", aws_db_subnet_group.this.subnet_ids) == "subnet-a subnet-b"
    error_message = "The database has its own group and the given subnets."
  }
}

run "only_the_named_groups_connect" {
  command = apply

  assert {
    condition     = { for name, rule in aws_vpc_security_group_ingress_rule.this : name => rule.referenced_security_group_id } == { nodes = "sg-nodes", bastion = "sg-bastion" }
    error_message = "Each client group has one rule."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.this : rule.cidr_ipv4 == null && rule.from_port == 3306 && rule.to_port == 3306 && rule.ip_protocol == "tcp"])
    error_message = "Rules name groups, not addresses, and MySQL's port only."
  }
}

run "tls_unicode_and_durability_are_required" {
  command = apply

  variables {
    parameters = { max_connections = { value = "200" }, long_query_time = { value = "2" }, performance_schema = { value = "1", static = true } }
  }

  assert {
    condition = alltrue([
      for name, value in {
        require_secure_transport       = "1"
        character_set_server           = "utf8mb4"
        collation_server               = "utf8mb4_0900_ai_ci"
        time_zone                      = "UTC"
        innodb_flush_log_at_trx_commit = "1"
        sync_binlog                    = "1"
        long_query_time                = "2"
        max_connections                = "200"
      } : contains([for parameter in aws_db_parameter_group.this.parameter : parameter.value if parameter.name == name], value)
    ])
    error_message = "The module's parameters hold, and the caller's are added or put in place of defaults."
  }

  assert {
    condition     = one([for parameter in aws_db_parameter_group.this.parameter : parameter.apply_method if parameter.name == "performance_schema"]) == "pending-reboot"
    error_message = "RDS refuses to apply a static parameter at once."
  }

  assert {
    condition     = aws_db_parameter_group.this.family == "mysql8.4" && aws_db_instance.this.parameter_group_name == aws_db_parameter_group.this.name
    error_message = "The instance uses the group, which is of its family."
  }
}

run "production_survives_mistakes" {
  command = apply

  assert {
    condition     = aws_db_instance.this.multi_az && aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && !aws_db_instance.this.delete_automated_backups
    error_message = "A standby, no deletion, and if ever one, then with a snapshot and the backups kept."
  }

  assert {
    condition     = aws_db_instance.this.final_snapshot_identifier == "expense-prod-final" && aws_db_instance.this.backup_retention_period == 14 && aws_db_instance.this.copy_tags_to_snapshot
    error_message = "Snapshots are named, kept and tagged."
  }
}

run "development_leaves_nothing_behind" {
  command = apply

  variables {
    instance_class      = "db.t3.micro"
    multi_az            = false
    deletion_protection = false
    skip_final_snapshot = true
  }

  assert {
    condition     = !aws_db_instance.this.multi_az && aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.final_snapshot_identifier == null && aws_db_instance.this.delete_automated_backups
    error_message = "A destroy leaves no snapshot and no backup."
  }
}

run "what_happens_is_seen" {
  command = apply

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.kms_key_arn && group.retention_in_days == 30]) && join(" ", keys(aws_cloudwatch_log_group.this)) == "error slowquery"
    error_message = "Exported logs are encrypted and expire."
  }

  assert {
    condition     = aws_db_instance.this.monitoring_interval == 60 && aws_db_instance.this.monitoring_role_arn == aws_iam_role.monitoring[0].arn
    error_message = "Enhanced Monitoring is on."
  }

  assert {
    condition     = jsondecode(aws_iam_role.monitoring[0].assume_role_policy).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "123456789012" }, ArnLike = { "aws:SourceArn" = "arn:aws:rds:us-east-1:123456789012:db:expense-prod" } }
    error_message = "The monitoring role is for this instance only."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : join("", alarm.alarm_actions) == var.alarm_topic_arn && alarm.dimensions.DBInstanceIdentifier == "expense-prod"])
    error_message = "Every alarm watches this instance and notifies."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["free-storage"].threshold == 20 * 1024 * 1024 * 1024 * 0.2 && aws_cloudwatch_metric_alarm.this["free-storage"].comparison_operator == "LessThanThreshold"
    error_message = "The storage alarm is in bytes and fires below."
  }

  assert {
    condition     = contains(keys(aws_cloudwatch_metric_alarm.this), "cpu-credits")
    error_message = "Burstable classes have an alarm on their credits."
  }

  assert {
    condition     = aws_db_event_subscription.this[0].sns_topic == var.event_topic_arn && contains(aws_db_event_subscription.this[0].event_categories, "failover")
    error_message = "Failovers are told."
  }
}

run "performance_insights_follows_the_class" {
  command = apply

  assert {
    condition     = !aws_db_instance.this.performance_insights_enabled
    error_message = "db.t3.small has none."
  }
}

run "performance_insights_is_encrypted_where_offered" {
  command = apply

  variables {
    instance_class = "db.m6g.large"
  }

  assert {
    condition     = aws_db_instance.this.performance_insights_enabled && aws_db_instance.this.performance_insights_kms_key_id == var.kms_key_arn && aws_db_instance.this.performance_insights_retention_period == 7
    error_message = "It is on, encrypted and free of charge."
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "cpu-credits")
    error_message = "A class without credits has no alarm on them."
  }
}

run "nothing_extra_unasked" {
  command = apply

  variables {
    alarm_topic_arn             = null
    event_topic_arn             = null
    monitoring_interval_seconds = 0
  }

  assert {
    condition     = length(aws_db_event_subscription.this) == 0 && length(aws_iam_role.monitoring) == 0 && alltrue([for alarm in aws_cloudwatch_metric_alarm.this : length(alarm.alarm_actions) == 0])
    error_message = "No subscription, no monitoring role, and alarms that notify nobody."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    subnet_ids                          = ["subnet-a"]
    client_security_group_ids           = { world = "0.0.0.0/0" }
    engine_version                      = "8.0"
    max_allocated_storage_gib           = 20
    database_name                       = "1expense"
    master_username                     = "rdsadmin"
    backup_retention_days               = 0
    backup_window                       = "2-3"
    maintenance_window                  = "someday"
    performance_insights_enabled        = true
    performance_insights_retention_days = 8
    monitoring_interval_seconds         = 7
    parameters                          = { require_secure_transport = { value = "0" } }
    skip_final_snapshot                 = true
    alarm_thresholds                    = { cpu_percent = 101 }
  }

  expect_failures = [
    var.subnet_ids,
    var.client_security_group_ids,
    var.engine_version,
    var.max_allocated_storage_gib,
    var.database_name,
    var.master_username,
    var.backup_retention_days,
    var.backup_window,
    var.maintenance_window,
    var.performance_insights_enabled,
    var.performance_insights_retention_days,
    var.monitoring_interval_seconds,
    var.parameters,
    var.skip_final_snapshot,
    var.alarm_thresholds,
  ]
}

run "too_little_storage_is_refused" {
  command = plan

  variables {
    allocated_storage_gib = 19
  }

  expect_failures = [var.allocated_storage_gib]
}
