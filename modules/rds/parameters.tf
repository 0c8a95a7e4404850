locals {
  parameters = merge(var.parameters, {
    require_secure_transport = "ON"
    tls_version              = "TLSv1.2,TLSv1.3"

    character_set_server = "utf8mb4"
    collation_server     = "utf8mb4_0900_ai_ci"
    time_zone            = "UTC"

    # An acknowledged commit survives a crash of the instance.
    innodb_flush_log_at_trx_commit = "1"
    sync_binlog                    = "1"

    slow_query_log  = lookup(var.parameters, "slow_query_log", "1")
    long_query_time = lookup(var.parameters, "long_query_time", "0.5")
    log_output      = "FILE"
  })

  # What RDS takes at the next restart only; the rest it takes at once.
  static_parameters = ["tls_version"]
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-mysql84-"
  family      = "mysql8.4"
  description = "Parameters of ${var.name}: TLS required, full Unicode, durable commits"

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = contains(local.static_parameters, parameter.key) ? "pending-reboot" : "immediate"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
