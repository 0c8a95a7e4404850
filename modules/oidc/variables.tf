variable "name" {
  description = "Prefix of every resource's name, for example `expense-dev`."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,28}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 30 characters of a-z, 0-9 and hyphen, begin with a letter and not end with a hyphen."
  }
}

variable "repository" {
  description = "The GitHub repository that may assume the roles, as `owner/name`."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$", var.repository))
    error_message = "repository must be one repository as owner/name, without wildcards."
  }
}

variable "roles" {
  description = <<-EOT
    Roles by name. Each is assumed by the jobs of one GitHub environment only, and may do what its lists name:
    push to and pull from `push_repository_arns`, describe `cluster_arns` (an EKS access entry gives the rest),
    read, write and lock the states below `state_prefix` of `state_bucket_arns` with `state_kms_key_arns`
    (only read them where `state_read_only`: such a role plans with `-lock=false`),
    and what `policy_arns` allow (for a plan ReadOnlyAccess, for an apply the account's administration).
  EOT
  type = map(object({
    environment          = string
    push_repository_arns = optional(list(string), [])
    cluster_arns         = optional(list(string), [])
    state_bucket_arns    = optional(list(string), [])
    state_prefix         = optional(string, "")
    state_kms_key_arns   = optional(list(string), [])
    state_read_only      = optional(bool, false)
    policy_arns          = optional(set(string), [])
  }))

  validation {
    condition     = alltrue([for role in values(var.roles) : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$", role.environment))])
    error_message = "roles: environment must be the name of one GitHub environment, without wildcards."
  }

  validation {
    condition     = alltrue([for name in keys(var.roles) : can(regex("^[a-z][a-z0-9-]{0,31}$", name))])
    error_message = "roles: names must be at most 32 of a-z, 0-9 and hyphen."
  }
}

variable "max_session_duration_seconds" {
  description = "Longest session in seconds, 3600 to 43200."
  type        = number
  default     = 3600

  validation {
    condition     = var.max_session_duration_seconds >= 3600 && var.max_session_duration_seconds <= 43200
    error_message = "max_session_duration_seconds must be between 3600 and 43200."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of a policy that bounds what the roles can ever do; null sets none."
  type        = string
  default     = null
}
