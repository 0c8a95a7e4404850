variable "domain_name" {
  description = "Name of the public zone, for example `expense.example.com`."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name must be a DNS name in lower case, without a trailing dot."
  }
}

variable "delegations" {
  description = "Name servers of zones below this one that another account holds, by the zone's first label."
  type        = map(list(string))
  default     = {}

  validation {
    condition     = alltrue([for servers in values(var.delegations) : length(servers) >= 2])
    error_message = "delegations must name at least two name servers for each zone."
  }
}

variable "certificate_authorities" {
  description = "Authorities that may issue certificates for names in the zone (CAA records)."
  type        = set(string)
  default     = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"]

  validation {
    condition     = length(var.certificate_authorities) > 0
    error_message = "certificate_authorities must name at least one authority."
  }
}

variable "dnssec_enabled" {
  description = "Whether the zone is signed. Needs a provider in us-east-1, and afterwards the output `ds_record` at the parent zone."
  type        = bool
  default     = false
}

variable "query_log_retention_days" {
  description = "Days that DNS queries are kept in CloudWatch; null logs none. Needs a provider in us-east-1."
  type        = number
  default     = null

  validation {
    condition     = var.query_log_retention_days == null || contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400], coalesce(var.query_log_retention_days, 0))
    error_message = "query_log_retention_days must be 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 or 400."
  }
}

variable "query_log_kms_key_arn" {
  description = "ARN of the KMS key that encrypts the query log; needed where queries are logged."
  type        = string
  default     = null

  validation {
    condition     = var.query_log_retention_days == null || can(regex("^arn:aws[a-z-]*:kms:us-east-1:", var.query_log_kms_key_arn))
    error_message = "query_log_kms_key_arn must be the ARN of a KMS key in us-east-1 where query_log_retention_days is given."
  }
}

variable "force_destroy" {
  description = "Whether a destroy may delete the zone together with records that others made in it."
  type        = bool
  default     = false
}
