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

variable "vpc_id" {
  description = "ID of the VPC that holds the module's network interfaces."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the ID of a VPC (vpc-...)."
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

variable "vpc_cidr_block" {
  description = "IPv4 range of the VPC, to which the load balancer's own connections are limited."
  type        = string

  validation {
    condition     = can(cidrhost(var.vpc_cidr_block, 0))
    error_message = "vpc_cidr_block must be an IPv4 range."
  }
}

variable "target_ports" {
  description = "TCP ports of the pods behind the load balancer."
  type        = set(number)
  default     = [8000]

  validation {
    condition     = length(var.target_ports) > 0 && alltrue([for port in var.target_ports : port > 0 && port < 65536])
    error_message = "target_ports must hold at least one port between 1 and 65535."
  }
}

variable "zone_id" {
  description = "ID of the Route 53 zone in which the certificate is validated and the service is named."
  type        = string
}

variable "domain_name" {
  description = "Name under which the service is reached, for example `dev.expense.example.com`."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name must be a DNS name in lower case, without a trailing dot."
  }
}

variable "alternative_names" {
  description = "Further names in the certificate."
  type        = set(string)
  default     = []
}

variable "rate_limit" {
  description = "Requests from one address in five minutes above which WAF blocks it, at least 100."
  type        = number
  default     = 2000

  validation {
    condition     = var.rate_limit >= 100
    error_message = "rate_limit must be at least 100."
  }
}

variable "load_balancer" {
  description = "The load balancer that the cluster's controller made for the ingress: its DNS name, hosted zone and ARN suffix (`app/...`). Null until the chart is first installed; then the service's name points to it and its alarms exist."
  type = object({
    dns_name   = string
    zone_id    = string
    arn_suffix = string
  })
  default = null

  validation {
    condition     = var.load_balancer == null || try(startswith(var.load_balancer.arn_suffix, "app/"), false)
    error_message = "load_balancer: arn_suffix must begin with app/."
  }
}

variable "alarm_thresholds" {
  description = "When the load balancer's alarms fire: answers of 5xx in five minutes, and the 99th percentile of the answer time in seconds."
  type = object({
    server_errors        = optional(number, 10)
    response_p99_seconds = optional(number, 1)
  })
  default = {}
}

variable "access_log_retention_days" {
  description = "Days that the load balancer's access logs are kept in S3."
  type        = number
  default     = 90

  validation {
    condition     = var.access_log_retention_days >= 1
    error_message = "access_log_retention_days must be at least 1."
  }
}

variable "force_destroy" {
  description = "Whether a destroy may delete the access-log bucket together with its logs."
  type        = bool
  default     = false
}
