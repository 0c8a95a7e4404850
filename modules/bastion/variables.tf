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

variable "vpc_cidr_block" {
  description = "IPv4 range of the VPC, to which connections to databases and the API server are limited."
  type        = string

  validation {
    condition     = can(cidrhost(var.vpc_cidr_block, 0))
    error_message = "vpc_cidr_block must be an IPv4 range."
  }
}

variable "subnet_id" {
  description = "ID of the private subnet that holds the instance."
  type        = string

  validation {
    condition     = startswith(var.subnet_id, "subnet-")
    error_message = "subnet_id must be the ID of a subnet (subnet-...)."
  }
}

variable "instance_type" {
  description = "Type of the instance, for example `t3.small`."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+\\.[a-z0-9]+$", var.instance_type))
    error_message = "instance_type must be an EC2 type such as t3.small."
  }
}

variable "ami_ssm_parameter" {
  description = "Public SSM parameter that names the image at creation. Later images do not replace a running instance: `apply -replace` does."
  type        = string
  default     = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"

  validation {
    condition     = startswith(var.ami_ssm_parameter, "/aws/service/ami-amazon-linux-latest/")
    error_message = "ami_ssm_parameter must be one of Amazon Linux's public parameters."
  }
}

variable "root_volume_size_gib" {
  description = "Size of the root volume in GiB."
  type        = number
  default     = 10

  validation {
    condition     = var.root_volume_size_gib >= 8
    error_message = "root_volume_size_gib must be at least 8, the size of the image."
  }
}

variable "reachable_ports" {
  description = "TCP ports inside the VPC that the bastion may connect to."
  type        = map(number)
  default = {
    mysql = 3306
    redis = 6379
  }

  validation {
    condition     = alltrue([for port in values(var.reachable_ports) : port > 0 && port < 65536])
    error_message = "reachable_ports must be between 1 and 65535."
  }
}

variable "idle_session_timeout_minutes" {
  description = "Minutes without input after which a session ends, 1 to 60."
  type        = number
  default     = 20

  validation {
    condition     = var.idle_session_timeout_minutes >= 1 && var.idle_session_timeout_minutes <= 60
    error_message = "idle_session_timeout_minutes must be between 1 and 60."
  }
}

variable "tags" {
  description = "Tags of the root volume, which the provider's default tags do not reach."
  type        = map(string)
  default     = {}
}
