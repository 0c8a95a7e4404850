locals {
  port = 3306

  # RDS for MySQL has no Performance Insights on the smallest burstable classes.
  performance_insights_enabled = coalesce(
    var.performance_insights_enabled,
    !can(regex("^db\\.t(2|3|4g)\\.(micro|small)$", var.instance_class)),
  )

  log_types = toset(["error", "slowquery"])
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Database subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

# RDS would make the groups itself, unencrypted and kept for ever.
resource "aws_cloudwatch_log_group" "this" {
  for_each = local.log_types

  #checkov:skip=CKV_AWS_338:The retention is the environment's choice.
  name              = "/aws/rds/instance/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_157:Multi-AZ is the environment's choice: development runs in one zone.
  #checkov:skip=CKV_AWS_293:Deletion protection is the environment's choice.
  #checkov:skip=CKV_AWS_353:Performance Insights is on wherever RDS offers it for the class.
  #checkov:skip=CKV2_AWS_69:The parameter group requires TLS (require_secure_transport); the check does not expand dynamic blocks.
  identifier = var.name

  engine                   = "mysql"
  engine_version           = var.engine_version
  engine_lifecycle_support = "open-source-rds-extended-support-disabled"
  instance_class           = var.instance_class
  parameter_group_name     = aws_db_parameter_group.this.name

  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = false
  apply_immediately           = var.apply_immediately
  maintenance_window          = var.maintenance_window

  storage_type          = "gp3"
  allocated_storage     = var.allocated_storage_gib
  max_allocated_storage = var.max_allocated_storage_gib
  storage_encrypted     = true
  kms_key_id            = var.kms_key_arn

  db_name                             = var.database_name
  username                            = var.master_username
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.kms_key_arn
  iam_database_authentication_enabled = true

  multi_az               = var.multi_az
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false
  port                   = local.port
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  backup_retention_period   = var.backup_retention_days
  backup_window             = var.backup_window
  copy_tags_to_snapshot     = true
  delete_automated_backups  = var.skip_final_snapshot
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = var.skip_final_snapshot
  final_snapshot_identifier = var.skip_final_snapshot ? null : coalesce(var.final_snapshot_identifier, "${var.name}-final")

  enabled_cloudwatch_logs_exports       = local.log_types
  monitoring_interval                   = var.monitoring_interval_seconds
  monitoring_role_arn                   = one(aws_iam_role.monitoring[*].arn)
  performance_insights_enabled          = local.performance_insights_enabled
  performance_insights_kms_key_id       = local.performance_insights_enabled ? var.kms_key_arn : null
  performance_insights_retention_period = local.performance_insights_enabled ? var.performance_insights_retention_days : null

  depends_on = [aws_cloudwatch_log_group.this]
}
