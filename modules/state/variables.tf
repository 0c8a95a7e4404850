variable "bucket_name" {
  description = "Globally unique name of the state bucket: one bucket an account and region."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,55}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 57 characters of a-z, 0-9 and hyphen (the rest is left for the suffix of the access-log bucket)."
  }
}

variable "noncurrent_version_retention_days" {
  description = "Days that replaced or deleted versions of a state are kept for recovery."
  type        = number
  default     = 365

  validation {
    condition     = var.noncurrent_version_retention_days >= 30
    error_message = "noncurrent_version_retention_days must be at least 30: an older state is the only way back from a bad apply."
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

variable "deletion_window_in_days" {
  description = "Days between the scheduled and the final deletion of the KMS key, 7 to 30."
  type        = number
  default     = 30

  validation {
    condition     = var.deletion_window_in_days >= 7 && var.deletion_window_in_days <= 30
    error_message = "deletion_window_in_days must be between 7 and 30."
  }
}

variable "force_destroy" {
  description = "Whether a destroy may delete the bucket together with every state in it."
  type        = bool
  default     = false
}
