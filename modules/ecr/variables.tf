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

variable "repository_names" {
  description = "Repositories, each named below the prefix: `api` becomes `<name>/api`."
  type        = set(string)

  validation {
    condition     = length(var.repository_names) > 0 && alltrue([for name in var.repository_names : can(regex("^[a-z0-9]+([._/-][a-z0-9]+)*$", name))])
    error_message = "repository_names must hold at least one name of a-z, 0-9 and single . _ / - between them."
  }
}

variable "untagged_expiry_days" {
  description = "Days after which an image without a tag is deleted."
  type        = number
  default     = 7

  validation {
    condition     = var.untagged_expiry_days >= 1
    error_message = "untagged_expiry_days must be at least 1."
  }
}

variable "kept_images" {
  description = "Tagged images kept in each repository; older ones are deleted."
  type        = number
  default     = 50

  validation {
    condition     = var.kept_images >= 10
    error_message = "kept_images must be at least 10, so that a rollback finds its image."
  }
}

variable "pull_account_ids" {
  description = "Other accounts whose roles may pull the images."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.pull_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "pull_account_ids must be account numbers of twelve digits."
  }
}

variable "force_delete" {
  description = "Whether a destroy may delete repositories that still hold images."
  type        = bool
  default     = false
}

variable "enhanced_scanning_enabled" {
  description = "Whether Inspector scans the whole registry's images continuously (at a price an image) instead of once at push. Acts on the account's registry as a whole."
  type        = bool
  default     = false
}
