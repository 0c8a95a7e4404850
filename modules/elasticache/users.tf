locals {
  secret_count = var.secret_arn == null ? 1 : 0
  secret_arn   = var.secret_arn == null ? one(aws_secretsmanager_secret.this[*].arn) : var.secret_arn
}

# The password is made by Secrets Manager and stored there without passing
# through the plan (ephemeral value, write-only argument). It is read back
# because ElastiCache's API takes it as a plain argument: it is in the state,
# which is encrypted, and nowhere else.
ephemeral "aws_secretsmanager_random_password" "this" {
  count = local.secret_count

  password_length     = 64
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "this" {
  count = local.secret_count

  #checkov:skip=CKV2_AWS_57:Raising password_version gives a new password; rotating by a Lambda function needs code and network access that this secret does not justify.
  name                    = "${var.name}/cache"
  description             = "User name and password of the application in the cache"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.secret_recovery_window_days
}

resource "aws_secretsmanager_secret_version" "this" {
  count = local.secret_count

  secret_id = aws_secretsmanager_secret.this[0].id

  secret_string_wo = jsonencode({
    username = var.username
    password = ephemeral.aws_secretsmanager_random_password.this[0].random_password
  })
  secret_string_wo_version = var.password_version
}

data "aws_secretsmanager_secret_version" "this" {
  secret_id  = local.secret_arn
  version_id = one(aws_secretsmanager_secret_version.this[*].version_id)
}

resource "aws_elasticache_user" "application" {
  user_id       = "${var.name}-${var.username}"
  user_name     = var.username
  engine        = var.engine
  access_string = var.access_string

  authentication_mode {
    type      = "password"
    passwords = [jsondecode(data.aws_secretsmanager_secret_version.this.secret_string)["password"]]
  }
}

# Every user group has a user named default; this one is switched off.
resource "aws_elasticache_user" "default" {
  user_id       = "${var.name}-default"
  user_name     = "default"
  engine        = var.engine
  access_string = "off ~* -@all"

  # Not authentication_mode: the API answers "no-password" to "no-password-required", a change in every plan.
  no_password_required = true
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = var.name
  engine        = var.engine
  user_ids = [
    aws_elasticache_user.application.user_id,
    aws_elasticache_user.default.user_id,
  ]
}
