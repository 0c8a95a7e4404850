locals {
  defaults = {
    slow_query_log  = { value = "1", static = false }
    long_query_time = { value = "0.5", static = false }
  }

  fixed = {
    # TLS 1.2 or 1.3: RDS for MySQL 8.4 speaks no older one.
    require_secure_transport = { value = "1", static = false }

    character_set_server = { value = "utf8mb4", static = false }
    collation_server     = { value = "utf8mb4_0900_ai_ci", static = false }
    time_zone            = { value = "UTC", static = false }

    # An acknowledged commit survives a crash of the instance.
    innodb_flush_log_at_trx_commit = { value = "1", static = false }
    sync_binlog                    = { value = "1", static = false }

    # CloudWatch exports what is in files.
    log_output = { value = "FILE", static = false }
  }

  parameters = merge(local.defaults, var.parameters, local.fixed)
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-mysql84-"
  family      = "mysql8.4"
  description = "Parameters of ${var.name}: TLS required, full Unicode, durable commits"

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.static ? "pending-reboot" : "immediate"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
