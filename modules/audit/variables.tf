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

variable "log_retention_days" {
  description = "Days that CloudWatch keeps the log events."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one of the periods that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
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

variable "archive_retention_days" {
  description = "Days that the trail's files are kept in S3."
  type        = number
  default     = 400

  validation {
    condition     = var.archive_retention_days >= 365
    error_message = "archive_retention_days must be at least 365."
  }

  validation {
    condition     = var.archive_retention_days > var.object_lock_days
    error_message = "archive_retention_days must exceed object_lock_days: a locked file cannot expire."
  }
}

variable "object_lock_mode" {
  description = "GOVERNANCE lets a principal with s3:BypassGovernanceRetention shorten the lock; COMPLIANCE lets nobody, root included."
  type        = string
  default     = "GOVERNANCE"

  validation {
    condition     = contains(["GOVERNANCE", "COMPLIANCE"], var.object_lock_mode)
    error_message = "object_lock_mode must be GOVERNANCE or COMPLIANCE."
  }
}

variable "object_lock_days" {
  description = "Days for which no file of the trail can be changed or deleted."
  type        = number
  default     = 90

  validation {
    condition     = var.object_lock_days >= 1
    error_message = "object_lock_days must be at least 1."
  }
}

variable "data_event_bucket_arns" {
  description = "ARNs of buckets whose object reads and writes are recorded too, for example the state bucket's."
  type        = list(string)
  default     = []
}

variable "force_destroy" {
  description = "Whether a destroy may delete the archive together with its files. Locked files stay undeletable."
  type        = bool
  default     = false
}

variable "account_baseline_enabled" {
  description = "Whether this module also sets the account's defaults: no public S3 access, encrypted EBS volumes, IMDSv2 only, no public snapshots, a password policy, Access Analyzer and GuardDuty. True in one unit an account."
  type        = bool
  default     = false
}
