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

variable "subnet_ids" {
  description = "IDs of the database subnets of at least two zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must name subnets of at least two zones."
  }
}

variable "client_security_group_ids" {
  description = "Security groups that may open connections, by a name for each, for example `{ nodes = \"sg-...\", bastion = \"sg-...\" }`."
  type        = map(string)

  validation {
    condition     = alltrue([for id in values(var.client_security_group_ids) : startswith(id, "sg-")])
    error_message = "client_security_group_ids must be IDs of security groups (sg-...)."
  }
}

variable "engine_version" {
  description = "MySQL version: the minor version `8.4`, whose patches RDS applies, or a full one."
  type        = string
  default     = "8.4"

  validation {
    condition     = can(regex("^8\\.4(\\.[0-9]+)?$", var.engine_version))
    error_message = "engine_version must be MySQL 8.4, the long-term support release."
  }
}

variable "instance_class" {
  description = "Class of the instance, for example `db.t3.micro` (1 GiB) or `db.t3.small` (2 GiB); MySQL 8.4 runs on both."
  type        = string

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.instance_class))
    error_message = "instance_class must be an RDS class such as db.t3.small."
  }
}

variable "allocated_storage_gib" {
  description = "Storage at creation in GiB (gp3, at least 20)."
  type        = number
  default     = 20

  validation {
    condition     = var.allocated_storage_gib >= 20
    error_message = "allocated_storage_gib must be at least 20, the least that gp3 offers."
  }
}

variable "max_allocated_storage_gib" {
  description = "Size in GiB up to which RDS grows the storage by itself; at least a tenth more than the initial size."
  type        = number
  default     = 100

  validation {
    condition     = var.max_allocated_storage_gib >= var.allocated_storage_gib * 1.1
    error_message = "max_allocated_storage_gib must be at least 10 % more than allocated_storage_gib."
  }
}

variable "multi_az" {
  description = "Whether a synchronous standby in a second zone takes over when the first fails."
  type        = bool
}

variable "database_name" {
  description = "Name of the database made with the instance."
  type        = string
  default     = "expense"

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_]{0,63}$", var.database_name))
    error_message = "database_name must begin with a letter and hold at most 64 letters, digits and underscores."
  }
}

variable "master_username" {
  description = "Name of the administrator, whose password RDS makes, keeps in Secrets Manager and rotates."
  type        = string
  default     = "administrator"

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_]{0,15}$", var.master_username)) && !contains(["rdsadmin", "admin_rds"], var.master_username)
    error_message = "master_username must begin with a letter, hold at most 16 letters, digits and underscores and not be a reserved name."
  }
}

variable "backup_retention_days" {
  description = "Days to which the database can be restored at any second, 1 to 35."
  type        = number

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "backup_retention_days must be between 1 and 35."
  }
}

variable "backup_window" {
  description = "Daily half hour or more (UTC) in which the snapshot is taken."
  type        = string
  default     = "02:00-03:00"

  validation {
    condition     = can(regex("^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$", var.backup_window))
    error_message = "backup_window must look like 02:00-03:00."
  }
}

variable "maintenance_window" {
  description = "Weekly window (UTC) for patches and changes that need a restart; must not overlap the backup window."
  type        = string
  default     = "sun:03:30-sun:04:30"

  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]$", var.maintenance_window))
    error_message = "maintenance_window must look like sun:03:30-sun:04:30."
  }
}

variable "apply_immediately" {
  description = "Whether changes that restart the database are made at once instead of in the maintenance window."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Whether RDS refuses to delete the instance."
  type        = bool
}

variable "skip_final_snapshot" {
  description = "Whether a destroy leaves no snapshot behind."
  type        = bool

  validation {
    condition     = !(var.skip_final_snapshot && var.deletion_protection)
    error_message = "skip_final_snapshot must be false where deletion_protection is true: a database worth protecting is worth a last snapshot."
  }
}

variable "final_snapshot_identifier" {
  description = "Name of the snapshot taken before deletion; null means the instance's name with `-final`. Change it when that name is taken by an earlier one."
  type        = string
  default     = null
}

variable "performance_insights_enabled" {
  description = "Whether Performance Insights samples the load. Null turns it on where RDS offers it for MySQL, which is on no micro or small class of t2, t3 and t4g."
  type        = bool
  default     = null

  validation {
    condition     = var.performance_insights_enabled != true || !can(regex("^db\\.t(2|3|4g)\\.(micro|small)$", var.instance_class))
    error_message = "performance_insights_enabled cannot be true: RDS for MySQL has no Performance Insights on t2, t3 and t4g classes of size micro and small."
  }
}

variable "performance_insights_retention_days" {
  description = "Days that Performance Insights keeps: 7 (free), 731 or a multiple of 31."
  type        = number
  default     = 7

  validation {
    condition     = contains([7, 731], var.performance_insights_retention_days) || (var.performance_insights_retention_days % 31 == 0 && var.performance_insights_retention_days > 0 && var.performance_insights_retention_days < 731)
    error_message = "performance_insights_retention_days must be 7, 731 or a multiple of 31 below 731."
  }
}

variable "monitoring_interval_seconds" {
  description = "Seconds between two Enhanced Monitoring samples of the instance's operating system: 1, 5, 10, 15, 30 or 60; 0 turns it off."
  type        = number
  default     = 60

  validation {
    condition     = contains([0, 1, 5, 10, 15, 30, 60], var.monitoring_interval_seconds)
    error_message = "monitoring_interval_seconds must be 0, 1, 5, 10, 15, 30 or 60."
  }
}

variable "parameters" {
  description = "Further parameters of the engine by name; `static` marks those that RDS takes at the next restart only. They cannot turn off what the module sets (TLS, character set, durability)."
  type = map(object({
    value  = string
    static = optional(bool, false)
  }))
  default = {}

  validation {
    condition     = length(setintersection(keys(var.parameters), ["require_secure_transport", "character_set_server", "collation_server", "time_zone", "innodb_flush_log_at_trx_commit", "sync_binlog", "log_output"])) == 0
    error_message = "parameters must not contain require_secure_transport, character_set_server, collation_server, time_zone, innodb_flush_log_at_trx_commit, sync_binlog or log_output: the module sets them."
  }
}

variable "alarm_thresholds" {
  description = "When the alarms fire: processor use in percent, free memory in MiB, free storage in percent of the initial size, connections, and CPU credits left (burstable classes)."
  type = object({
    cpu_percent           = optional(number, 80)
    freeable_memory_mib   = optional(number, 100)
    free_storage_percent  = optional(number, 20)
    connections           = optional(number, 50)
    cpu_credits           = optional(number, 20)
    read_latency_seconds  = optional(number, 0.05)
    write_latency_seconds = optional(number, 0.05)
    disk_queue_depth      = optional(number, 10)
    swap_usage_mib        = optional(number, 256)
  })
  default = {}

  validation {
    condition     = var.alarm_thresholds.cpu_percent > 0 && var.alarm_thresholds.cpu_percent <= 100 && var.alarm_thresholds.free_storage_percent > 0 && var.alarm_thresholds.free_storage_percent < 100
    error_message = "alarm_thresholds: percentages must lie between 0 and 100."
  }
}

variable "event_topic_arn" {
  description = "ARN of the SNS topic told of failovers, failures, low storage and maintenance; null subscribes nothing."
  type        = string
  default     = null
}
