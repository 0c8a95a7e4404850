# The only way in from the internet, and only by HTTPS.
resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:Attached by the load balancer controller, which the ingress names it to.
  name        = "${var.name}-edge"
  description = "Load balancer of ${var.name}: HTTPS from the internet, the pods' ports in the VPC"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-edge" }
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "HTTPS from the internet"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "targets" {
  for_each = { for port in var.target_ports : tostring(port) => port }

  security_group_id = aws_security_group.this.id
  description       = "Pods on port ${each.key}"
  cidr_ipv4         = var.vpc_cidr_block
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}
