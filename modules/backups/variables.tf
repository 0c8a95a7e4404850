variable "name" {
  description = "Prefix of every resource's name, for example `expense-dev`."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,28}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 30 characters of a-z, 0-9 and hyphen, begin with a letter and not end with a hyphen."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts what this module stores."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key (not of an alias)."
  }
}

variable "alarm_topic_arn" {
  description = "ARN of the SNS topic that alarms notify; null keeps the alarms without a notification."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_topic_arn == null || can(regex("^arn:aws[a-z-]*:sns:", var.alarm_topic_arn))
    error_message = "alarm_topic_arn must be the ARN of an SNS topic."
  }
}

variable "resource_arns" {
  description = "ARNs of what AWS Backup saves besides this module's bucket, for example the database's, by a name for each."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for arn in values(var.resource_arns) : can(regex("^arn:aws[a-z-]*:", arn))])
    error_message = "resource_arns must be ARNs."
  }
}

variable "schedule" {
  description = "When the backup begins, as an AWS cron expression in UTC."
  type        = string
  default     = "cron(0 4 * * ? *)"

  validation {
    condition     = can(regex("^cron\\(.+\\)$", var.schedule))
    error_message = "schedule must be an AWS cron expression such as cron(0 4 * * ? *)."
  }
}

variable "retention_days" {
  description = "Days that a recovery point is kept."
  type        = number

  validation {
    condition     = var.retention_days >= 1
    error_message = "retention_days must be at least 1."
  }
}

variable "vault_lock_min_retention_days" {
  description = "Days before which nobody may delete a recovery point (governance mode); null sets no lock."
  type        = number
  default     = null

  validation {
    condition     = var.vault_lock_min_retention_days == null || try(var.vault_lock_min_retention_days >= 1 && var.vault_lock_min_retention_days <= var.retention_days, false)
    error_message = "vault_lock_min_retention_days must be at least 1 and at most retention_days."
  }
}

variable "copy_vault_arn" {
  description = "ARN of a vault in another region or account that gets a copy of each recovery point; null copies nothing."
  type        = string
  default     = null

  validation {
    condition     = var.copy_vault_arn == null || can(regex("^arn:aws[a-z-]*:backup:", var.copy_vault_arn))
    error_message = "copy_vault_arn must be the ARN of a backup vault."
  }
}

variable "export_retention_days" {
  description = "Days that the ledger's own exports are kept in the bucket."
  type        = number
  default     = 365

  validation {
    condition     = var.export_retention_days >= 90
    error_message = "export_retention_days must be at least 90: exports move to cheaper storage after 30 days and are billed there for 30 more."
  }
}

variable "noncurrent_version_retention_days" {
  description = "Days that replaced or deleted exports are kept."
  type        = number
  default     = 90

  validation {
    condition     = var.noncurrent_version_retention_days >= 7
    error_message = "noncurrent_version_retention_days must be at least 7."
  }
}

variable "access_log_retention_days" {
  description = "Days that the bucket's server access logs are kept."
  type        = number
  default     = 90

  validation {
    condition     = var.access_log_retention_days >= 30
    error_message = "access_log_retention_days must be at least 30."
  }
}

variable "force_destroy" {
  description = "Whether a destroy may delete the bucket with its exports and the vault with its recovery points."
  type        = bool
  default     = false
}
