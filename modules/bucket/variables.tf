variable "bucket_name" {
  description = "Globally unique name of the bucket."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 63 characters of a-z, 0-9 and hyphen and begin and end with a letter or digit."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the objects; null uses S3's own key, which is all that a bucket for AWS's access logs may have."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key (not of an alias)."
  }
}

variable "statements_json" {
  description = "JSON list of statements added to the bucket's policy, which itself refuses everything but TLS 1.2 and later."
  type        = string
  default     = "[]"

  validation {
    condition     = can([for statement in jsondecode(var.statements_json) : statement.Effect])
    error_message = "statements_json must be a JSON list of policy statements."
  }
}

variable "access_log_bucket_name" {
  description = "Name of the bucket that receives this one's access logs; null logs nothing."
  type        = string
  default     = null
}

variable "access_log_prefix" {
  description = "Prefix of the access logs in that bucket."
  type        = string
  default     = "access/"

  validation {
    condition     = endswith(var.access_log_prefix, "/")
    error_message = "access_log_prefix must end with a slash."
  }
}

variable "expiration_days" {
  description = "Days after which an object expires; null keeps it."
  type        = number
  default     = null

  validation {
    condition     = var.expiration_days == null || try(var.expiration_days >= 1, false)
    error_message = "expiration_days must be at least 1."
  }
}

variable "infrequent_access_days" {
  description = "Days after which an object moves to the Standard-IA class, at least 30; null leaves it in Standard."
  type        = number
  default     = null

  validation {
    condition     = var.infrequent_access_days == null || try(var.infrequent_access_days >= 30, false)
    error_message = "infrequent_access_days must be at least 30, the least that S3 allows."
  }
}

variable "noncurrent_version_expiration_days" {
  description = "Days that a replaced or deleted version is kept."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_version_expiration_days >= 1
    error_message = "noncurrent_version_expiration_days must be at least 1."
  }
}

variable "object_lock" {
  description = "Mode (GOVERNANCE or COMPLIANCE) and days for which no object can be changed or deleted; null locks nothing."
  type = object({
    mode = string
    days = number
  })
  default = null

  validation {
    condition     = var.object_lock == null || try(contains(["GOVERNANCE", "COMPLIANCE"], var.object_lock.mode) && var.object_lock.days >= 1, false)
    error_message = "object_lock: mode must be GOVERNANCE or COMPLIANCE, days at least 1."
  }
}

variable "force_destroy" {
  description = "Whether a destroy may delete the bucket together with its objects."
  type        = bool
  default     = false
}
