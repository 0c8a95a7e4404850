# EKS makes and attaches a group of its own that joins control plane and nodes.
# These two add to it: who else reaches the API server, and an identity of the
# nodes that databases can let in.
resource "aws_security_group" "cluster" {
  name        = "${var.name}-api"
  description = "Private endpoint of the API server of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-api" }
}

resource "aws_vpc_security_group_ingress_rule" "api" {
  for_each = var.api_client_security_group_ids

  security_group_id            = aws_security_group.cluster.id
  description                  = "API server from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_security_group" "node" {
  name        = "${var.name}-node"
  description = "Nodes and pods of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-node" }
}

locals {
  load_balancer_rules = {
    for pair in setproduct(keys(var.load_balancer_security_group_ids), var.load_balancer_target_ports) :
    "${pair[0]}-${pair[1]}" => { name = pair[0], port = pair[1] }
  }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  for_each = local.load_balancer_rules

  security_group_id            = aws_security_group.node.id
  description                  = "Port ${each.value.port} from load balancer ${each.value.name}"
  referenced_security_group_id = var.load_balancer_security_group_ids[each.value.name]
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "node" {
  security_group_id = aws_security_group.node.id
  description       = "Images, AWS services, databases and what pods call; network policies narrow it by pod"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
