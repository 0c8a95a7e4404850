mock_provider "aws" {
  source = "../.testing"
}

variables {
  name               = "expense-prod"
  kms_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  vpc_id             = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-a", "subnet-b"]
  kubernetes_version = "1.35"
  tags               = { Environment = "prod" }

  node_groups = {
    general = {
      instance_types = ["t3.large"]
      min_size       = 2
      max_size       = 6
      desired_size   = 2
    }
  }

  addon_versions = {
    vpc_cni            = "v1.21.1-eksbuild.7"
    kube_proxy         = "v1.35.3-eksbuild.2"
    coredns            = "v1.13.2-eksbuild.4"
    pod_identity_agent = "v1.3.10-eksbuild.3"
    ebs_csi_driver     = "v1.58.0-eksbuild.1"
    metrics_server     = "v0.8.1-eksbuild.5"
  }
}

run "the_api_server_is_private_by_default" {
  command = apply

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "Nobody outside the VPC reaches the API server."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.api) == 0
    error_message = "Nobody in the VPC but the nodes does either."
  }
}

run "named_ranges_and_groups_reach_the_api_server" {
  command = apply

  variables {
    endpoint_public_access_cidrs  = ["203.0.113.0/24"]
    api_client_security_group_ids = { bastion = "sg-bastion" }
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_public_access && join(" ", aws_eks_cluster.this.vpc_config[0].public_access_cidrs) == "203.0.113.0/24"
    error_message = "The named range reaches the public endpoint, no other."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.api["bastion"].referenced_security_group_id == "sg-bastion" && aws_vpc_security_group_ingress_rule.api["bastion"].from_port == 443
    error_message = "The named group reaches the private endpoint."
  }
}

run "secrets_are_encrypted_and_calls_recorded" {
  command = apply

  assert {
    condition     = contains(aws_eks_cluster.this.encryption_config[0].resources, "secrets") && aws_eks_cluster.this.encryption_config[0].provider[0].key_arn == var.kms_key_arn
    error_message = "Kubernetes' secrets are encrypted with the environment's key."
  }

  assert {
    condition     = length(aws_eks_cluster.this.enabled_cluster_log_types) == 5 && contains(aws_eks_cluster.this.enabled_cluster_log_types, "audit")
    error_message = "All five logs of the control plane are kept."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/eks/expense-prod/cluster" && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "The group to which EKS writes is encrypted and its events expire."
  }
}

run "access_is_by_entry_only" {
  command = apply

  variables {
    access_entries = {
      admins = { principal_arn = "arn:aws:iam::123456789012:role/admin", policy = "AmazonEKSClusterAdminPolicy" }
      deploy = { principal_arn = "arn:aws:iam::123456789012:role/deploy", policy = "AmazonEKSEditPolicy", namespaces = ["expense"] }
    }
  }

  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && !aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "No config map and no creator opens the cluster."
  }

  assert {
    condition     = aws_eks_access_policy_association.this["admins"].access_scope[0].type == "cluster" && aws_eks_access_policy_association.this["admins"].policy_arn == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    error_message = "Administrators have the whole cluster."
  }

  assert {
    condition     = aws_eks_access_policy_association.this["deploy"].access_scope[0].type == "namespace" && join(" ", aws_eks_access_policy_association.this["deploy"].access_scope[0].namespaces) == "expense"
    error_message = "Others have their namespaces."
  }
}

run "nodes_are_hardened" {
  command = apply

  assert {
    condition     = aws_launch_template.this["general"].metadata_options[0].http_tokens == "required" && aws_launch_template.this["general"].metadata_options[0].http_put_response_hop_limit == 1
    error_message = "IMDSv2 only, and out of the pods' reach."
  }

  assert {
    condition     = alltrue([for mapping in aws_launch_template.this["general"].block_device_mappings : mapping.ebs[0].encrypted == "true" && mapping.ebs[0].kms_key_id == var.kms_key_arn && mapping.ebs[0].volume_type == "gp3"])
    error_message = "Volumes are encrypted with the environment's key."
  }

  assert {
    condition     = aws_eks_node_group.this["general"].ami_type == "AL2023_x86_64_STANDARD" && aws_eks_node_group.this["general"].capacity_type == "ON_DEMAND" && aws_eks_node_group.this["general"].version == "1.35"
    error_message = "Nodes run Amazon Linux 2023 in the cluster's version."
  }

  assert {
    condition     = contains(aws_launch_template.this["general"].vpc_security_group_ids, aws_security_group.node.id) && length(aws_launch_template.this["general"].vpc_security_group_ids) == 2
    error_message = "Nodes have EKS's group and their own."
  }

  assert {
    condition = alltrue([
      for specification in aws_launch_template.this["general"].tag_specifications : specification.tags.Environment == "prod"
    ]) && length(aws_launch_template.this["general"].tag_specifications) == 3
    error_message = "Instances, volumes and interfaces carry the tags."
  }

  assert {
    condition     = join(" ", sort(keys(aws_iam_role_policy_attachment.node))) == "AmazonEC2ContainerRegistryPullOnly AmazonEKSWorkerNodePolicy"
    error_message = "A node may join and pull, no more."
  }
}

run "spot_with_labels_and_taints" {
  command = apply

  variables {
    node_groups = {
      spot = {
        instance_types = ["t3.medium", "t3a.medium"]
        capacity_type  = "SPOT"
        min_size       = 1
        max_size       = 3
        desired_size   = 2
        labels         = { tier = "spot" }
        taints         = { spot = { value = "true", effect = "PREFER_NO_SCHEDULE" } }
      }
    }
  }

  assert {
    condition     = aws_eks_node_group.this["spot"].capacity_type == "SPOT" && length(aws_eks_node_group.this["spot"].instance_types) == 2 && aws_eks_node_group.this["spot"].labels.tier == "spot"
    error_message = "Spot groups take several types."
  }

  assert {
    condition     = one(aws_eks_node_group.this["spot"].taint).effect == "PREFER_NO_SCHEDULE" && one(aws_eks_node_group.this["spot"].taint).key == "spot"
    error_message = "Taints are set."
  }

  assert {
    condition     = aws_eks_node_group.this["spot"].scaling_config[0].min_size == 1 && aws_eks_node_group.this["spot"].scaling_config[0].max_size == 3
    error_message = "The autoscaler has its limits."
  }
}

run "addons_are_pinned" {
  command = apply

  assert {
    condition = { for name, addon in merge(aws_eks_addon.network, aws_eks_addon.workload) : name => addon.addon_version } == {
      vpc-cni                = "v1.21.1-eksbuild.7"
      kube-proxy             = "v1.35.3-eksbuild.2"
      coredns                = "v1.13.2-eksbuild.4"
      eks-pod-identity-agent = "v1.3.10-eksbuild.3"
      aws-ebs-csi-driver     = "v1.58.0-eksbuild.1"
      metrics-server         = "v0.8.1-eksbuild.5"
    }
    error_message = "Each add-on has its version."
  }

  assert {
    condition     = jsondecode(aws_eks_addon.network["vpc-cni"].configuration_values).enableNetworkPolicy == "true"
    error_message = "Network policies are enforced."
  }

  assert {
    condition     = one(aws_eks_addon.network["vpc-cni"].pod_identity_association).service_account == "aws-node" && one(aws_eks_addon.workload["aws-ebs-csi-driver"].pod_identity_association).service_account == "ebs-csi-controller-sa"
    error_message = "Add-ons that call AWS have a role of their own."
  }
}

run "roles_are_for_this_cluster" {
  command = apply

  assert {
    condition = alltrue([
      for name, role in aws_iam_role.addon :
      jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["aws:RequestTag/eks-cluster-arn"] == "arn:aws:eks:us-east-1:123456789012:cluster/expense-prod" &&
      jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["aws:RequestTag/kubernetes-namespace"] == "kube-system" &&
      jsondecode(role.assume_role_policy).Statement[0].Principal.Service == "pods.eks.amazonaws.com"
    ])
    error_message = "Add-ons' roles go to their service accounts in this cluster only."
  }

  assert {
    condition     = jsondecode(aws_iam_role.cluster.assume_role_policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == "arn:aws:eks:us-east-1:123456789012:cluster/expense-prod"
    error_message = "EKS takes the cluster's role for this cluster only."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.ebs_csi_driver.policy).Statement[1].Condition.Bool["kms:GrantIsForAWSResource"] == "true" && alltrue([for statement in jsondecode(aws_iam_role_policy.ebs_csi_driver.policy).Statement : statement.Resource == var.kms_key_arn])
    error_message = "The driver uses the environment's key, and grants it to AWS only."
  }
}

run "load_balancers_reach_the_pods" {
  command = apply

  variables {
    load_balancer_security_group_ids = { edge = "sg-edge" }
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.load_balancer["edge-8000"].referenced_security_group_id == "sg-edge" && aws_vpc_security_group_ingress_rule.load_balancer["edge-8000"].from_port == 8000 && aws_vpc_security_group_ingress_rule.load_balancer["edge-8000"].cidr_ipv4 == null
    error_message = "The load balancer's group reaches port 8000, no address does."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    subnet_ids                   = ["subnet-a"]
    kubernetes_version           = "1.31"
    support_type                 = "FOREVER"
    endpoint_public_access_cidrs = ["0.0.0.0/0"]
    enabled_log_types            = ["everything"]
    service_ipv4_cidr            = "services"
    load_balancer_target_ports   = [0]
    access_entries = {
      root = { principal_arn = "arn:aws:iam::123456789012:root", policy = "Everything" }
    }
    node_groups = {
      general = { instance_types = ["t3.large"], min_size = 3, max_size = 2, desired_size = 2 }
    }
    addon_versions = {
      vpc_cni            = "latest"
      kube_proxy         = "v1.35.3-eksbuild.2"
      coredns            = "v1.13.2-eksbuild.4"
      pod_identity_agent = "v1.3.10-eksbuild.3"
      ebs_csi_driver     = "v1.58.0-eksbuild.1"
      metrics_server     = "v0.8.1-eksbuild.5"
    }
  }

  expect_failures = [
    var.subnet_ids,
    var.kubernetes_version,
    var.support_type,
    var.endpoint_public_access_cidrs,
    var.enabled_log_types,
    var.service_ipv4_cidr,
    var.load_balancer_target_ports,
    var.access_entries,
    var.node_groups,
    var.addon_versions,
  ]
}
