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

variable "cidr_block" {
  description = "IPv4 range of the VPC, /16 to /20. A zone gets a sixteenth of it for nodes and pods, and a 128th each for its public and database subnet."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr_block, 0)) && can(regex("/(16|17|18|19|20)$", var.cidr_block))
    error_message = "cidr_block must be an IPv4 range between /16 and /20."
  }

  validation {
    condition     = can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", var.cidr_block))
    error_message = "cidr_block must lie in a private range (RFC 1918)."
  }
}

variable "availability_zones" {
  description = "Names of the two to four zones that the subnets span."
  type        = list(string)

  validation {
    condition     = length(var.availability_zones) >= 2 && length(var.availability_zones) <= 4 && length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "availability_zones must name two to four different zones: EKS and RDS need two."
  }
}

variable "nat_gateway_per_zone" {
  description = "Whether every zone has its own NAT gateway (a zone's loss then stops no other) instead of one for all."
  type        = bool
}

variable "interface_endpoints" {
  description = "AWS services reached by a private endpoint in each zone, by their short names, for example `ecr.api`. Each costs per zone and hour; without one the traffic takes the NAT gateway."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9.-]+$", service))])
    error_message = "interface_endpoints must hold short service names such as ecr.api, ecr.dkr, sts, logs or ssm."
  }
}

variable "gateway_endpoints" {
  description = "AWS services reached by a gateway endpoint, which costs nothing."
  type        = set(string)
  default     = ["s3"]

  validation {
    condition     = alltrue([for service in var.gateway_endpoints : contains(["s3", "dynamodb"], service)])
    error_message = "gateway_endpoints can be s3 and dynamodb only."
  }
}

variable "flow_log_aggregation_seconds" {
  description = "Seconds over which a flow log record is aggregated: 60 or 600."
  type        = number
  default     = 600

  validation {
    condition     = contains([60, 600], var.flow_log_aggregation_seconds)
    error_message = "flow_log_aggregation_seconds must be 60 or 600."
  }
}

variable "database_ports" {
  description = "TCP ports that the private subnets may reach in the database subnets."
  type        = map(number)
  default = {
    mysql = 3306
    redis = 6379
  }

  validation {
    condition     = alltrue([for port in values(var.database_ports) : port > 0 && port < 65536])
    error_message = "database_ports must be TCP ports between 1 and 65535."
  }
}
