# No ingress: sessions come through the SSM agent's own outgoing connection.
resource "aws_security_group" "this" {
  name        = "${var.name}-bastion"
  description = "Bastion of ${var.name}: nothing comes in"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-bastion" }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "Systems Manager, packages and the API server"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = var.reachable_ports

  security_group_id = aws_security_group.this.id
  description       = "Port of ${each.key} in the VPC"
  cidr_ipv4         = var.vpc_cidr_block
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}
