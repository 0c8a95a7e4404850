# Narrower than the policy that the controller's project publishes: application
# load balancers of this cluster only, the security group, the certificate and
# the web ACL made by the edge module, so no security group is created or changed.
locals {
  elb_arn = "arn:${local.partition}:elasticloadbalancing:${local.region}:${local.account_id}"

  load_balancer_arns = ["${local.elb_arn}:loadbalancer/app/*/*"]
  listener_arns      = ["${local.elb_arn}:listener/app/*/*/*", "${local.elb_arn}:listener-rule/app/*/*/*/*"]
  target_group_arns  = ["${local.elb_arn}:targetgroup/*/*"]

  # The controller puts this tag on all that it makes.
  cluster_tag = "elbv2.k8s.aws/cluster"
  requested   = { StringEquals = { "aws:RequestTag/${local.cluster_tag}" = var.cluster_name } }
  owned       = { StringEquals = { "aws:ResourceTag/${local.cluster_tag}" = var.cluster_name } }

  load_balancer_controller_statements = [
    {
      # None of these calls can be limited to a resource.
      Sid    = "Describe"
      Effect = "Allow"
      Action = [
        "acm:ListCertificates",
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeCapacityReservation",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeListenerCertificates",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeSSLPolicies",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "shield:GetSubscriptionState",
      ]
      Resource = "*"
    },
    {
      Sid      = "DescribeCertificates"
      Effect   = "Allow"
      Action   = "acm:DescribeCertificate"
      Resource = "arn:${local.partition}:acm:${local.region}:${local.account_id}:certificate/*"
    },
    {
      Sid       = "FirstLoadBalancerOfTheAccount"
      Effect    = "Allow"
      Action    = "iam:CreateServiceLinkedRole"
      Resource  = "arn:${local.partition}:iam::${local.account_id}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"
      Condition = { StringEquals = { "iam:AWSServiceName" = "elasticloadbalancing.amazonaws.com" } }
    },
    {
      Sid       = "Create"
      Effect    = "Allow"
      Action    = ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"]
      Resource  = concat(local.load_balancer_arns, local.target_group_arns)
      Condition = local.requested
    },
    {
      Sid      = "TagWhatIsCreated"
      Effect   = "Allow"
      Action   = "elasticloadbalancing:AddTags"
      Resource = concat(local.load_balancer_arns, local.listener_arns, local.target_group_arns)
      Condition = {
        StringEquals = merge(local.requested.StringEquals, {
          "elasticloadbalancing:CreateAction" = ["CreateListener", "CreateLoadBalancer", "CreateRule", "CreateTargetGroup"]
        })
      }
    },
    {
      # The tag that says whose a resource is can itself not be changed.
      Sid      = "RetagOwn"
      Effect   = "Allow"
      Action   = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"]
      Resource = concat(local.load_balancer_arns, local.listener_arns, local.target_group_arns)
      Condition = merge(local.owned, {
        Null = { "aws:RequestTag/${local.cluster_tag}" = "true" }
      })
    },
    {
      Sid    = "ChangeOwn"
      Effect = "Allow"
      Action = [
        "elasticloadbalancing:AddListenerCertificates",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateRule",
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteRule",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:ModifyRule",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:RemoveListenerCertificates",
        "elasticloadbalancing:SetIpAddressType",
        "elasticloadbalancing:SetRulePriorities",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
        "elasticloadbalancing:SetWebAcl",
      ]
      Resource  = concat(local.load_balancer_arns, local.listener_arns, local.target_group_arns)
      Condition = local.owned
    },
    {
      Sid    = "AttachWebAcl"
      Effect = "Allow"
      Action = [
        "wafv2:AssociateWebACL",
        "wafv2:DisassociateWebACL",
        "wafv2:GetWebACL",
        "wafv2:GetWebACLForResource",
      ]
      Resource = concat([var.web_acl_arn], local.load_balancer_arns)
    },
  ]
}
