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

variable "email_addresses" {
  description = "Addresses that get the alarms; each confirms its subscription by mail."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.email_addresses : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "email_addresses must hold mail addresses."
  }
}

variable "log_groups" {
  description = "Log groups below `/<name>/`: what Fluent Bit writes."
  type        = set(string)
  default     = ["application", "cluster"]

  validation {
    condition     = contains(var.log_groups, "application") && alltrue([for name in var.log_groups : can(regex("^[a-z][a-z0-9-]*$", name))])
    error_message = "log_groups must hold `application`, on which the alarms rest, and names of a-z, 0-9 and hyphen only."
  }
}

variable "alarm_thresholds" {
  description = "When the alarms on the application's log fire: lines of level error, and answers of 5xx, in five minutes."
  type = object({
    errors        = optional(number, 10)
    server_errors = optional(number, 10)
  })
  default = {}
}

variable "log_patterns" {
  description = "CloudWatch filter patterns that count lines of level error, and answers of 5xx, in the application's JSON log."
  type = object({
    errors        = optional(string, "{ $.level = \"ERROR\" || $.level = \"CRITICAL\" }")
    server_errors = optional(string, "{ $.status >= 500 }")
  })
  default = {}
}
