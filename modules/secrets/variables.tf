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

variable "secrets" {
  description = "Secrets by name. One with `generate_length` gets a random value of that many letters and digits that never enters the state; one without is created empty, for an operator to fill. `value_version` raised by one generates anew."
  type = map(object({
    description     = string
    generate_length = optional(number)
    value_version   = optional(number, 1)
  }))

  validation {
    condition     = alltrue([for name in keys(var.secrets) : can(regex("^[a-z][a-z0-9-]{0,62}$", name))])
    error_message = "secrets: names must begin with a letter and hold a-z, 0-9 and hyphen only."
  }

  validation {
    condition     = alltrue([for secret in values(var.secrets) : secret.generate_length == null || try(secret.generate_length >= 32 && secret.generate_length <= 4096, false)])
    error_message = "secrets: generate_length must be between 32 and 4096."
  }
}

variable "recovery_window_days" {
  description = "Days that a deleted secret can be restored: 7 to 30, or 0 to delete at once."
  type        = number
  default     = 30

  validation {
    condition     = var.recovery_window_days == 0 || (var.recovery_window_days >= 7 && var.recovery_window_days <= 30)
    error_message = "recovery_window_days must be 0 or between 7 and 30."
  }
}
