data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  account_id = data.aws_caller_identity.this.account_id
  partition  = data.aws_partition.this.partition
  region     = data.aws_region.this.name

  policies = {
    application              = local.application_statements
    fluent_bit               = local.fluent_bit_statements
    external_secrets         = local.external_secrets_statements
    load_balancer_controller = local.load_balancer_controller_statements
    cluster_autoscaler       = local.cluster_autoscaler_statements
  }
}

resource "aws_iam_role" "this" {
  for_each = local.policies

  name = "${var.name}-${replace(each.key, "_", "-")}"

  # EKS sends these tags with every request for credentials, so a pod of another
  # cluster, namespace or service account cannot get the role.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-arn"            = var.cluster_arn
          "aws:RequestTag/kubernetes-namespace"       = var.service_accounts[each.key].namespace
          "aws:RequestTag/kubernetes-service-account" = var.service_accounts[each.key].name
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.policies

  name   = replace(each.key, "_", "-")
  role   = aws_iam_role.this[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

resource "aws_eks_pod_identity_association" "this" {
  for_each = local.policies

  cluster_name    = var.cluster_name
  namespace       = var.service_accounts[each.key].namespace
  service_account = var.service_accounts[each.key].name
  role_arn        = aws_iam_role.this[each.key].arn
}
