mock_provider "aws" {
  source = "../.testing"
}

variables {
  name                 = "expense-prod"
  kms_key_arn          = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  cidr_block           = "10.30.0.0/16"
  availability_zones   = ["us-east-1a", "us-east-1b", "us-east-1c"]
  nat_gateway_per_zone = true
}

run "three_tiers_over_the_zones" {
  command = apply

  assert {
    condition     = alltrue([for subnets in [aws_subnet.public, aws_subnet.private, aws_subnet.database] : join(" ", keys(subnets)) == join(" ", var.availability_zones)])
    error_message = "Each zone has a public, a private and a database subnet."
  }

  assert {
    condition     = [for subnet in aws_subnet.public : subnet.cidr_block] == ["10.30.0.0/23", "10.30.2.0/23", "10.30.4.0/23"]
    error_message = "Public subnets are cut from the first sixteenth."
  }

  assert {
    condition     = [for subnet in aws_subnet.private : subnet.cidr_block] == ["10.30.16.0/20", "10.30.32.0/20", "10.30.48.0/20"]
    error_message = "Private subnets have a sixteenth each."
  }

  assert {
    condition     = [for subnet in aws_subnet.database : subnet.cidr_block] == ["10.30.8.0/23", "10.30.10.0/23", "10.30.12.0/23"]
    error_message = "Database subnets are cut from the first sixteenth."
  }

  assert {
    condition     = alltrue([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private), values(aws_subnet.database)) : subnet.map_public_ip_on_launch != true])
    error_message = "Nothing gets a public address by being started."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : subnet.tags["kubernetes.io/role/elb"] == "1"]) && alltrue([for subnet in aws_subnet.private : subnet.tags["kubernetes.io/role/internal-elb"] == "1"])
    error_message = "The load balancer controller finds its subnets by tag."
  }
}

run "a_nat_gateway_in_each_zone" {
  command = apply

  assert {
    condition     = join(" ", keys(aws_nat_gateway.this)) == join(" ", var.availability_zones)
    error_message = "Each zone has its own."
  }

  assert {
    condition     = alltrue([for zone, route in aws_route.private : route.nat_gateway_id == aws_nat_gateway.this[zone].id])
    error_message = "Each zone leaves by its own."
  }
}

run "one_nat_gateway_for_all_zones" {
  command = apply

  variables {
    nat_gateway_per_zone = false
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["us-east-1a"]
    error_message = "There is one, in the first zone."
  }

  assert {
    condition     = alltrue([for route in aws_route.private : route.nat_gateway_id == aws_nat_gateway.this["us-east-1a"].id])
    error_message = "All zones leave by it."
  }
}

run "databases_are_cut_off" {
  command = apply

  assert {
    condition     = alltrue([for association in aws_route_table_association.database : association.route_table_id == aws_route_table.database.id]) && !contains([for route in concat([aws_route.public], values(aws_route.private)) : route.route_table_id], aws_route_table.database.id)
    error_message = "No route leads out of the database subnets."
  }

  assert {
    condition = alltrue([
      for rule in aws_network_acl_rule.database_ingress :
      rule.rule_action == "allow" && rule.protocol == "tcp" && rule.from_port == rule.to_port && contains([3306, 6379], rule.from_port) && contains([for subnet in aws_subnet.private : subnet.cidr_block], rule.cidr_block)
    ]) && length(aws_network_acl_rule.database_ingress) == 6
    error_message = "Only the private subnets reach the databases, on their two ports."
  }

  assert {
    condition     = length(distinct([for rule in aws_network_acl_rule.database_ingress : rule.rule_number])) == length(aws_network_acl_rule.database_ingress)
    error_message = "No rule overwrites another."
  }

  assert {
    condition     = alltrue([for rule in aws_network_acl_rule.database_replies : rule.egress && rule.cidr_block != "0.0.0.0/0" && rule.from_port == 1024])
    error_message = "Databases only reply, and to the private subnets only."
  }
}

run "the_internet_reaches_https_and_replies_only" {
  command = apply

  assert {
    condition     = aws_network_acl_rule.public_https.from_port == 443 && aws_network_acl_rule.public_https.to_port == 443 && aws_network_acl_rule.public_https.cidr_block == "0.0.0.0/0"
    error_message = "HTTPS comes in."
  }

  assert {
    condition     = alltrue([for rule in concat(values(aws_network_acl_rule.public_replies), values(aws_network_acl_rule.private_replies)) : rule.from_port >= 1024 && rule.protocol != "-1"])
    error_message = "Well-known ports are closed to the internet."
  }

  assert {
    condition     = length(coalesce(aws_default_security_group.this.ingress, [])) == 0 && length(coalesce(aws_default_security_group.this.egress, [])) == 0
    error_message = "The default security group is closed."
  }

  assert {
    condition     = length(coalesce(aws_default_network_acl.this.ingress, [])) == 0 && length(coalesce(aws_default_network_acl.this.egress, [])) == 0
    error_message = "The default NACL is closed."
  }
}

run "all_traffic_is_logged_and_encrypted" {
  command = apply

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_flow_log.this.log_destination == aws_cloudwatch_log_group.flow_logs.arn
    error_message = "Flow logs record what is accepted and what is refused."
  }

  assert {
    condition     = aws_cloudwatch_log_group.flow_logs.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.flow_logs.retention_in_days == 30
    error_message = "Flow logs are encrypted and expire."
  }

  assert {
    condition     = jsondecode(aws_iam_role.flow_logs.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "The role is for this account's flow logs only."
  }

  assert {
    condition     = alltrue([for arn in jsondecode(aws_iam_role_policy.flow_logs.policy).Statement[0].Resource : startswith(arn, "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vpc/expense-prod")])
    error_message = "The role writes to its own log group only."
  }
}

run "endpoints_keep_traffic_inside" {
  command = apply

  variables {
    interface_endpoints = ["ecr.api", "ecr.dkr"]
  }

  assert {
    condition     = aws_vpc_endpoint.gateway["s3"].vpc_endpoint_type == "Gateway" && length(aws_vpc_endpoint.gateway["s3"].route_table_ids) >= 1
    error_message = "S3 is reached without the NAT gateway."
  }

  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled && endpoint.vpc_endpoint_type == "Interface"]) && length(aws_vpc_endpoint.interface) == 2
    error_message = "Interface endpoints answer under the services' own names."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints[0].from_port == 443 && aws_vpc_security_group_ingress_rule.endpoints[0].cidr_ipv4 == var.cidr_block
    error_message = "Endpoints let in HTTPS from the VPC only."
  }
}

run "no_endpoint_without_need" {
  command = apply

  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && length(aws_security_group.endpoints) == 0 && output.endpoint_security_group_id == null
    error_message = "Interface endpoints cost; there are none by default."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    cidr_block                   = "10.30.0.0/24"
    availability_zones           = ["us-east-1a", "us-east-1a"]
    gateway_endpoints            = ["ec2"]
    interface_endpoints          = ["ecr api"]
    flow_log_aggregation_seconds = 30
    log_retention_days           = 31
    database_ports               = { mysql = 0 }
  }

  expect_failures = [
    var.cidr_block,
    var.availability_zones,
    var.gateway_endpoints,
    var.interface_endpoints,
    var.flow_log_aggregation_seconds,
    var.log_retention_days,
    var.database_ports,
  ]
}

run "a_public_range_is_refused" {
  command = plan

  variables {
    cidr_block = "52.0.0.0/16"
  }

  expect_failures = [var.cidr_block]
}
