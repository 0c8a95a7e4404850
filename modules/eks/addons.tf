locals {
  network_addons = {
    vpc-cni = {
      version         = var.addon_versions.vpc_cni
      configuration   = jsonencode({ enableNetworkPolicy = "true" })
      service_account = "aws-node"
      role            = "vpc-cni"
    }
    kube-proxy = {
      version         = var.addon_versions.kube_proxy
      configuration   = null
      service_account = null
      role            = null
    }
    eks-pod-identity-agent = {
      version         = var.addon_versions.pod_identity_agent
      configuration   = null
      service_account = null
      role            = null
    }
  }

  workload_addons = {
    coredns = {
      version         = var.addon_versions.coredns
      service_account = null
      role            = null
    }
    metrics-server = {
      version         = var.addon_versions.metrics_server
      service_account = null
      role            = null
    }
    aws-ebs-csi-driver = {
      version         = var.addon_versions.ebs_csi_driver
      service_account = "ebs-csi-controller-sa"
      role            = "ebs-csi-driver"
    }
  }
}

# Daemons that nodes need to become ready: present before the first node.
resource "aws_eks_addon" "network" {
  for_each = local.network_addons

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = each.value.version
  configuration_values        = each.value.configuration
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = each.value.role == null ? [] : [each.value.role]

    content {
      role_arn        = aws_iam_role.addon[pod_identity_association.value].arn
      service_account = each.value.service_account
    }
  }

  depends_on = [aws_iam_role_policy_attachment.addon]
}

# Deployments: EKS waits until they run, which takes a node.
resource "aws_eks_addon" "workload" {
  for_each = local.workload_addons

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = each.value.version
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = each.value.role == null ? [] : [each.value.role]

    content {
      role_arn        = aws_iam_role.addon[pod_identity_association.value].arn
      service_account = each.value.service_account
    }
  }

  depends_on = [
    aws_eks_node_group.this,
    aws_iam_role_policy.ebs_csi_driver,
    aws_iam_role_policy_attachment.addon,
  ]
}
