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

variable "subnet_ids" {
  description = "IDs of the private subnets of at least two zones that hold the nodes and the control plane's network interfaces."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must name subnets of at least two zones."
  }
}

variable "kubernetes_version" {
  description = "Minor version of Kubernetes, for example `1.35` (on EKS's standard support until 2027-03-27)."
  type        = string

  validation {
    condition     = can(regex("^1\\.(3[2-9]|[4-9][0-9])$", var.kubernetes_version))
    error_message = "kubernetes_version must be 1.32 or later, without a patch number."
  }
}

variable "support_type" {
  description = "What happens when the version's standard support ends: STANDARD upgrades the cluster, EXTENDED keeps it at six times the hourly price."
  type        = string
  default     = "STANDARD"

  validation {
    condition     = contains(["STANDARD", "EXTENDED"], var.support_type)
    error_message = "support_type must be STANDARD or EXTENDED."
  }
}

variable "endpoint_public_access_cidrs" {
  description = "Ranges that reach the API server from outside the VPC; empty makes the endpoint private."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.endpoint_public_access_cidrs : can(cidrhost(cidr, 0))])
    error_message = "endpoint_public_access_cidrs must be IPv4 ranges."
  }

  validation {
    condition     = alltrue([for cidr in var.endpoint_public_access_cidrs : !endswith(cidr, "/0")])
    error_message = "endpoint_public_access_cidrs must not open the API server to the whole internet."
  }
}

variable "api_client_security_group_ids" {
  description = "Security groups that reach the API server's private endpoint besides the nodes, by a name for each, for example `{ bastion = \"sg-...\" }`."
  type        = map(string)
  default     = {}
}

variable "enabled_log_types" {
  description = "Control-plane logs sent to CloudWatch."
  type        = set(string)
  default     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  validation {
    condition     = alltrue([for type in var.enabled_log_types : contains(["api", "audit", "authenticator", "controllerManager", "scheduler"], type)])
    error_message = "enabled_log_types can be api, audit, authenticator, controllerManager and scheduler."
  }
}

variable "zonal_shift_enabled" {
  description = "Whether Route 53's recovery controller may move the cluster's traffic out of an impaired zone."
  type        = bool
  default     = false
}

variable "service_ipv4_cidr" {
  description = "Range of the cluster's service addresses; must not overlap the VPC."
  type        = string
  default     = "172.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.service_ipv4_cidr, 0))
    error_message = "service_ipv4_cidr must be an IPv4 range."
  }
}

variable "node_groups" {
  description = "Managed node groups by name. `capacity_type` is ON_DEMAND or SPOT (several instance types make spot capacity likelier); sizes are the autoscaler's limits and the size at creation."
  type = map(object({
    instance_types = list(string)
    capacity_type  = optional(string, "ON_DEMAND")
    min_size       = number
    max_size       = number
    desired_size   = number
    disk_size_gib  = optional(number, 30)
    labels         = optional(map(string), {})
    taints = optional(map(object({
      value  = optional(string)
      effect = string
    })), {})
  }))

  validation {
    condition     = length(var.node_groups) > 0
    error_message = "node_groups must have at least one group."
  }

  validation {
    condition     = alltrue([for group in values(var.node_groups) : contains(["ON_DEMAND", "SPOT"], group.capacity_type)])
    error_message = "node_groups: capacity_type must be ON_DEMAND or SPOT."
  }

  validation {
    condition     = alltrue([for group in values(var.node_groups) : group.min_size <= group.desired_size && group.desired_size <= group.max_size && group.max_size > 0])
    error_message = "node_groups: sizes must satisfy min_size <= desired_size <= max_size, and max_size must be positive."
  }

  validation {
    condition     = alltrue([for group in values(var.node_groups) : group.disk_size_gib >= 20])
    error_message = "node_groups: disk_size_gib must be at least 20, the size of the AL2023 image."
  }

  validation {
    condition     = alltrue(flatten([for group in values(var.node_groups) : [for taint in values(group.taints) : contains(["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"], taint.effect)]]))
    error_message = "node_groups: a taint's effect must be NO_SCHEDULE, NO_EXECUTE or PREFER_NO_SCHEDULE."
  }
}

variable "addon_versions" {
  description = "Pinned version of every EKS add-on. `aws eks describe-addon-versions --kubernetes-version 1.35` lists what fits a version."
  type = object({
    vpc_cni            = string
    kube_proxy         = string
    coredns            = string
    pod_identity_agent = string
    ebs_csi_driver     = string
    metrics_server     = string
  })

  validation {
    condition     = alltrue([for version in values(var.addon_versions) : can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+$", version))])
    error_message = "addon_versions must be full versions such as v1.21.1-eksbuild.3."
  }
}

variable "access_entries" {
  description = "Who may use the Kubernetes API, by a name for each: the IAM principal, the EKS access policy's name (for example AmazonEKSClusterAdminPolicy) and the namespaces it is limited to (empty: the whole cluster)."
  type = map(object({
    principal_arn = string
    policy        = string
    namespaces    = optional(set(string), [])
  }))
  default = {}

  validation {
    condition     = alltrue([for entry in values(var.access_entries) : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/.+$", entry.principal_arn))])
    error_message = "access_entries: principal_arn must be the ARN of an IAM role or user."
  }

  validation {
    condition     = alltrue([for entry in values(var.access_entries) : contains(["AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy", "AmazonEKSEditPolicy", "AmazonEKSViewPolicy", "AmazonEKSAdminViewPolicy"], entry.policy)])
    error_message = "access_entries: policy must be AmazonEKSClusterAdminPolicy, AmazonEKSAdminPolicy, AmazonEKSEditPolicy, AmazonEKSViewPolicy or AmazonEKSAdminViewPolicy."
  }
}

variable "load_balancer_security_group_ids" {
  description = "Security groups of the load balancers that reach the pods, by a name for each, for example `{ edge = \"sg-...\" }`."
  type        = map(string)
  default     = {}
}

variable "load_balancer_target_ports" {
  description = "TCP ports of the pods that the load balancers reach."
  type        = set(number)
  default     = [8000]

  validation {
    condition     = alltrue([for port in var.load_balancer_target_ports : port > 0 && port < 65536])
    error_message = "load_balancer_target_ports must be between 1 and 65535."
  }
}

variable "tags" {
  description = "Tags of the nodes' instances, volumes and network interfaces, which the provider's default tags do not reach."
  type        = map(string)
  default     = {}
}
