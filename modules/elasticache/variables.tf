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
  description = "Security groups that may open connections, by a name for each, for example `{ nodes = \"sg-...\" }`."
  type        = map(string)

  validation {
    condition     = alltrue([for id in values(var.client_security_group_ids) : startswith(id, "sg-")])
    error_message = "client_security_group_ids must be IDs of security groups (sg-...)."
  }
}

variable "engine" {
  description = "`valkey` (a fifth cheaper on ElastiCache) or `redis`."
  type        = string
  default     = "valkey"

  validation {
    condition     = contains(["valkey", "redis"], var.engine)
    error_message = "engine must be valkey or redis."
  }
}

variable "engine_version" {
  description = "Version of the engine: 7.2 or 8.0 and later of Valkey, 7.1 of Redis."
  type        = string
  default     = "8.0"

  validation {
    condition     = var.engine == "valkey" ? can(regex("^(7\\.2|8\\.[0-9]+)$", var.engine_version)) : var.engine_version == "7.1"
    error_message = "engine_version must be 7.2 or 8.x with valkey, 7.1 with redis."
  }
}

variable "node_type" {
  description = "Type of the nodes, for example `cache.t3.micro` (0.5 GiB) or `cache.t4g.micro`."
  type        = string
  default     = "cache.t3.micro"

  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.node_type))
    error_message = "node_type must be an ElastiCache type such as cache.t3.micro."
  }
}

variable "num_cache_clusters" {
  description = "Nodes: one primary and the rest replicas, 1 to 6."
  type        = number
  default     = 1

  validation {
    condition     = var.num_cache_clusters >= 1 && var.num_cache_clusters <= 6
    error_message = "num_cache_clusters must be between 1 and 6."
  }
}

variable "multi_az_enabled" {
  description = "Whether the replicas lie in other zones and one of them takes over when the primary fails."
  type        = bool
  default     = false

  validation {
    condition     = !var.multi_az_enabled || var.num_cache_clusters >= 2
    error_message = "multi_az_enabled needs num_cache_clusters of at least 2."
  }
}

variable "username" {
  description = "Name of the application's user."
  type        = string
  default     = "expense"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,39}$", var.username)) && var.username != "default"
    error_message = "username must begin with a letter, hold at most 40 of a-z, 0-9 and hyphen and not be `default`."
  }
}

variable "access_string" {
  description = "What the application's user may do, in the syntax of ACL SETUSER: by default everything but administration and dangerous commands, INFO excepted."
  type        = string
  default     = "on ~* &* +@all -@admin -@dangerous +info"

  validation {
    condition     = startswith(var.access_string, "on ") && !strcontains(var.access_string, "nopass")
    error_message = "access_string must begin with `on` and must not contain `nopass`."
  }
}

variable "secret_arn" {
  description = "ARN of an existing secret whose JSON holds `password`, for example one replicated from another region or rotated elsewhere; null makes one."
  type        = string
  default     = null

  validation {
    condition     = var.secret_arn == null || can(regex("^arn:aws[a-z-]*:secretsmanager:", var.secret_arn))
    error_message = "secret_arn must be the ARN of a Secrets Manager secret."
  }
}

variable "password_version" {
  description = "Raise it by one to give the application's user a new password (of the secret that this module makes)."
  type        = number
  default     = 1

  validation {
    condition     = var.password_version >= 1 && floor(var.password_version) == var.password_version
    error_message = "password_version must be a positive whole number."
  }
}

variable "secret_recovery_window_days" {
  description = "Days that a deleted secret can be restored: 7 to 30, or 0 to delete at once."
  type        = number
  default     = 30

  validation {
    condition     = var.secret_recovery_window_days == 0 || (var.secret_recovery_window_days >= 7 && var.secret_recovery_window_days <= 30)
    error_message = "secret_recovery_window_days must be 0 or between 7 and 30."
  }
}

variable "maxmemory_policy" {
  description = "What is evicted when memory is full."
  type        = string
  default     = "allkeys-lru"

  validation {
    condition     = contains(["allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-lfu", "volatile-ttl", "noeviction"], var.maxmemory_policy)
    error_message = "maxmemory_policy must be allkeys-lru, allkeys-lfu, volatile-lru, volatile-lfu, volatile-ttl or noeviction."
  }
}

variable "snapshot_retention_days" {
  description = "Days that daily snapshots are kept; 0 takes none, which suits a cache that is never an authority."
  type        = number
  default     = 0

  validation {
    condition     = var.snapshot_retention_days >= 0 && var.snapshot_retention_days <= 35
    error_message = "snapshot_retention_days must be between 0 and 35."
  }
}

variable "maintenance_window" {
  description = "Weekly window (UTC) for patches."
  type        = string
  default     = "sun:05:00-sun:06:00"

  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]$", var.maintenance_window))
    error_message = "maintenance_window must look like sun:05:00-sun:06:00."
  }
}

variable "apply_immediately" {
  description = "Whether changes are made at once instead of in the maintenance window."
  type        = bool
  default     = true
}

variable "alarm_thresholds" {
  description = "When the alarms fire: processor use in percent (one thread works, so 45 is 90 % of it on two processors), memory use in percent, evictions in five minutes, connections."
  type = object({
    cpu_percent    = optional(number, 45)
    memory_percent = optional(number, 85)
    evictions      = optional(number, 1000)
    connections    = optional(number, 500)
  })
  default = {}
}
