output "vpc_id" {
  description = "ID of the VPC."
  value       = aws_vpc.this.id
}

output "vpc_cidr_block" {
  description = "IPv4 range of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "availability_zones" {
  description = "Names of the zones, in the order of the subnets."
  value       = var.availability_zones
}

output "public_subnet_ids" {
  description = "IDs of the public subnets, one a zone: load balancers and NAT gateways."
  value       = [for zone in var.availability_zones : aws_subnet.public[zone].id]
}

output "private_subnet_ids" {
  description = "IDs of the private subnets, one a zone: nodes, pods and the bastion."
  value       = [for zone in var.availability_zones : aws_subnet.private[zone].id]
}

output "database_subnet_ids" {
  description = "IDs of the database subnets, one a zone: no route leaves the VPC."
  value       = [for zone in var.availability_zones : aws_subnet.database[zone].id]
}

output "private_subnet_cidr_blocks" {
  description = "IPv4 ranges of the private subnets."
  value       = [for zone in var.availability_zones : aws_subnet.private[zone].cidr_block]
}

output "database_subnet_cidr_blocks" {
  description = "IPv4 ranges of the database subnets."
  value       = [for zone in var.availability_zones : aws_subnet.database[zone].cidr_block]
}

output "nat_public_ips" {
  description = "Public addresses from which the private subnets reach the internet."
  value       = [for zone in local.nat_zones : aws_eip.nat[zone].public_ip]
}

output "endpoint_security_group_id" {
  description = "ID of the interface endpoints' security group; null without such endpoints."
  value       = one(aws_security_group.endpoints[*].id)
}

output "flow_log_group_name" {
  description = "Name of the log group that receives the flow logs."
  value       = aws_cloudwatch_log_group.flow_logs.name
}
