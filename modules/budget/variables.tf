variable "name" {
  description = "Prefix of every resource's name, for example `expense-dev`."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,28}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 30 characters of a-z, 0-9 and hyphen, begin with a letter and not end with a hyphen."
  }
}

variable "limit_usd" {
  description = "Cost a month in US dollars."
  type        = number

  validation {
    condition     = var.limit_usd > 0
    error_message = "limit_usd must be positive."
  }
}

variable "cost_tag" {
  description = "Cost allocation tag (activated in Billing) that the budget is limited to, for example `{ key = \"Environment\", value = \"dev\" }`; null counts the whole account."
  type = object({
    key   = string
    value = string
  })
  default = null
}

variable "notifications" {
  description = "When to notify, by a name for each: the percentage of the limit, of what was spent (ACTUAL) or is forecast (FORECASTED)."
  type = map(object({
    threshold_percent = number
    type              = string
  }))
  default = {
    actual-80    = { threshold_percent = 80, type = "ACTUAL" }
    actual-100   = { threshold_percent = 100, type = "ACTUAL" }
    forecast-100 = { threshold_percent = 100, type = "FORECASTED" }
  }

  validation {
    condition     = length(var.notifications) <= 5 && alltrue([for item in values(var.notifications) : contains(["ACTUAL", "FORECASTED"], item.type) && item.threshold_percent > 0])
    error_message = "notifications: at most five, type ACTUAL or FORECASTED, threshold_percent positive."
  }
}

variable "email_addresses" {
  description = "Addresses notified, at most ten."
  type        = set(string)
  default     = []

  validation {
    condition     = length(var.email_addresses) <= 10 && alltrue([for address in var.email_addresses : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "email_addresses must hold at most ten addresses."
  }
}

variable "topic_arn" {
  description = "ARN of the SNS topic notified, whose policy lets budgets.amazonaws.com publish; null notifies by mail only."
  type        = string
  default     = null

  validation {
    condition     = var.topic_arn != null || length(var.email_addresses) > 0
    error_message = "topic_arn or email_addresses must be given: a budget that tells nobody is none."
  }
}

variable "anomaly_threshold_usd" {
  description = "Unusual cost in US dollars from which Cost Anomaly Detection writes to the addresses once a day; null sets up no detection. Give it in one unit an account: it watches all services."
  type        = number
  default     = null

  validation {
    condition     = var.anomaly_threshold_usd == null || try(var.anomaly_threshold_usd > 0 && length(var.email_addresses) > 0, false)
    error_message = "anomaly_threshold_usd must be positive and needs email_addresses."
  }
}
