locals {
  private_cidrs = { for zone in var.availability_zones : zone => aws_subnet.private[zone].cidr_block }

  # NACL rules are ordered by number, so each zone and port has its own.
  database_rules = {
    for pair in setproduct(keys(local.zones), sort(keys(var.database_ports))) :
    "${pair[0]}-${pair[1]}" => {
      zone   = pair[0]
      port   = var.database_ports[pair[1]]
      number = 100 + local.zones[pair[0]] * 20 + index(sort(keys(var.database_ports)), pair[1])
    }
  }
}

resource "aws_network_acl" "public" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = [for subnet in aws_subnet.public : subnet.id]

  tags = { Name = "${var.name}-public" }
}

resource "aws_network_acl_rule" "public_https" {
  network_acl_id = aws_network_acl.public.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "0.0.0.0/0"
  from_port      = 443
  to_port        = 443
}

resource "aws_network_acl_rule" "public_from_vpc" {
  #checkov:skip=CKV_AWS_352:Within the VPC security groups decide; this tier's members are load balancers and NAT gateways.
  network_acl_id = aws_network_acl.public.id
  rule_number    = 110
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = aws_vpc.this.cidr_block
}

resource "aws_network_acl_rule" "public_replies" {
  for_each = { tcp = 120, udp = 130 }

  #checkov:skip=CKV_AWS_231:NACLs know no connections: replies to the NAT gateway come to any port from 1024, 3389 among them. Nothing in the public subnets listens there; security groups decide.
  network_acl_id = aws_network_acl.public.id
  rule_number    = each.value
  rule_action    = "allow"
  protocol       = each.key
  cidr_block     = "0.0.0.0/0"
  from_port      = 1024
  to_port        = 65535
}

resource "aws_network_acl_rule" "public_egress" {
  network_acl_id = aws_network_acl.public.id
  egress         = true
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}

resource "aws_network_acl" "private" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]

  tags = { Name = "${var.name}-private" }
}

resource "aws_network_acl_rule" "private_from_vpc" {
  #checkov:skip=CKV_AWS_352:Within the VPC security groups decide; nodes talk to pods on any port.
  network_acl_id = aws_network_acl.private.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = aws_vpc.this.cidr_block
}

resource "aws_network_acl_rule" "private_replies" {
  for_each = { tcp = 110, udp = 120 }

  #checkov:skip=CKV_AWS_231:NACLs know no connections: replies through the NAT gateway come to any port from 1024, 3389 among them. The subnets have no public address; security groups decide.
  network_acl_id = aws_network_acl.private.id
  rule_number    = each.value
  rule_action    = "allow"
  protocol       = each.key
  cidr_block     = "0.0.0.0/0"
  from_port      = 1024
  to_port        = 65535
}

resource "aws_network_acl_rule" "private_egress" {
  network_acl_id = aws_network_acl.private.id
  egress         = true
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}

resource "aws_network_acl" "database" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = [for subnet in aws_subnet.database : subnet.id]

  tags = { Name = "${var.name}-database" }
}

resource "aws_network_acl_rule" "database_ingress" {
  for_each = local.database_rules

  network_acl_id = aws_network_acl.database.id
  rule_number    = each.value.number
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = local.private_cidrs[each.value.zone]
  from_port      = each.value.port
  to_port        = each.value.port
}

resource "aws_network_acl_rule" "database_replies" {
  for_each = local.zones

  network_acl_id = aws_network_acl.database.id
  egress         = true
  rule_number    = 100 + each.value * 20
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = local.private_cidrs[each.key]
  from_port      = 1024
  to_port        = 65535
}

# Subnets that nobody assigned to a tier let nothing through.
resource "aws_default_network_acl" "this" {
  default_network_acl_id = aws_vpc.this.default_network_acl_id

  tags = { Name = "${var.name}-default-closed" }

  lifecycle {
    # AWS moves a subnet here when its own NACL goes, which is not drift to undo.
    ignore_changes = [subnet_ids]
  }
}
