locals {
  zones = { for index, zone in var.availability_zones : zone => index }

  # Of sixteen equal parts the first is cut into public and database subnets,
  # and each zone's private subnet takes one more: pods have VPC addresses.
  small = { for index in range(8) : index => cidrsubnet(cidrsubnet(var.cidr_block, 4, 0), 3, index) }
}

resource "aws_subnet" "public" {
  for_each = local.zones

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = local.small[each.value]
  map_public_ip_on_launch = false

  tags = {
    Name                     = "${var.name}-public-${each.key}"
    Tier                     = "public"
    "kubernetes.io/role/elb" = "1"
  }
}

resource "aws_subnet" "private" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr_block, 4, each.value + 1)

  tags = {
    Name                              = "${var.name}-private-${each.key}"
    Tier                              = "private"
    "kubernetes.io/role/internal-elb" = "1"
  }
}

resource "aws_subnet" "database" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = local.small[each.value + 4]

  tags = {
    Name = "${var.name}-database-${each.key}"
    Tier = "database"
  }
}
