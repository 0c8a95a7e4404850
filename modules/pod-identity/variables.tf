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

variable "cluster_name" {
  description = "Name of the EKS cluster."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$", var.cluster_name))
    error_message = "cluster_name must be the name of an EKS cluster."
  }
}

variable "cluster_arn" {
  description = "ARN of the EKS cluster, which alone may hand out the roles."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:eks:[a-z0-9-]+:[0-9]{12}:cluster/.+$", var.cluster_arn))
    error_message = "cluster_arn must be the ARN of an EKS cluster."
  }
}

variable "service_accounts" {
  description = "Namespace and name of the service account that gets each role."
  type = object({
    application              = optional(object({ namespace = string, name = string }), { namespace = "expense", name = "expense" })
    fluent_bit               = optional(object({ namespace = string, name = string }), { namespace = "logging", name = "fluent-bit" })
    external_secrets         = optional(object({ namespace = string, name = string }), { namespace = "external-secrets", name = "external-secrets" })
    load_balancer_controller = optional(object({ namespace = string, name = string }), { namespace = "kube-system", name = "aws-load-balancer-controller" })
    cluster_autoscaler       = optional(object({ namespace = string, name = string }), { namespace = "kube-system", name = "cluster-autoscaler" })
  })
  default = {}
}

variable "secret_arns" {
  description = "ARNs of the secrets that external-secrets may read, by a name for each."
  type        = map(string)

  validation {
    condition     = alltrue([for arn in values(var.secret_arns) : can(regex("^arn:aws[a-z-]*:secretsmanager:", arn)) && !endswith(arn, "*")])
    error_message = "secret_arns must be whole ARNs of Secrets Manager secrets, without wildcards."
  }
}

variable "log_group_arns" {
  description = "ARNs of the log groups that Fluent Bit may write to, by a name for each."
  type        = map(string)

  validation {
    condition     = alltrue([for arn in values(var.log_group_arns) : can(regex("^arn:aws[a-z-]*:logs:[a-z0-9-]+:[0-9]{12}:log-group:[^*]+$", arn))])
    error_message = "log_group_arns must be whole ARNs of log groups, without wildcards."
  }
}

variable "export_bucket_arn" {
  description = "ARN of the bucket below whose `exports/` the application writes and reads its exports."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]+$", var.export_bucket_arn))
    error_message = "export_bucket_arn must be the ARN of a bucket."
  }
}

variable "web_acl_arn" {
  description = "ARN of the web ACL that the load balancer controller may attach."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:wafv2:", var.web_acl_arn))
    error_message = "web_acl_arn must be the ARN of a WAFv2 web ACL."
  }
}
