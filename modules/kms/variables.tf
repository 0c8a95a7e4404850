variable "name" {
  description = "Prefix of every resource's name, for example `expense-dev`."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,28}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 30 characters of a-z, 0-9 and hyphen, begin with a letter and not end with a hyphen."
  }
}

variable "description" {
  description = "What the key is for, shown in the console."
  type        = string
  default     = "Encrypts everything that one environment stores."
}

variable "deletion_window_in_days" {
  description = "Days between the scheduled and the final deletion of the key, 7 to 30."
  type        = number
  default     = 30

  validation {
    condition     = var.deletion_window_in_days >= 7 && var.deletion_window_in_days <= 30
    error_message = "deletion_window_in_days must be between 7 and 30."
  }
}

variable "rotation_period_in_days" {
  description = "Days between two rotations of the key material, 90 to 2560."
  type        = number
  default     = 365

  validation {
    condition     = var.rotation_period_in_days >= 90 && var.rotation_period_in_days <= 2560
    error_message = "rotation_period_in_days must be between 90 and 2560."
  }
}

variable "service_principals" {
  description = "AWS services that may encrypt and decrypt with the key on behalf of this account."
  type        = set(string)
  default = [
    "budgets.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "events.rds.amazonaws.com",
  ]

  validation {
    condition     = alltrue([for principal in var.service_principals : can(regex("^[a-z0-9.-]+\\.amazonaws\\.com$", principal))])
    error_message = "service_principals must be service names such as cloudwatch.amazonaws.com."
  }
}

variable "cloudtrail_names" {
  description = "Names of the CloudTrail trails of this account and region that encrypt their logs with the key."
  type        = set(string)
  default     = []
}

variable "autoscaling_enabled" {
  description = "Whether Auto Scaling may use the key for the encrypted volumes of the instances it starts."
  type        = bool
  default     = true
}
