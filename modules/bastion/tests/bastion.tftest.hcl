mock_provider "aws" {
  source = "../.testing"
}

variables {
  name           = "expense-dev"
  kms_key_arn    = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  vpc_id         = "vpc-0123456789abcdef0"
  vpc_cidr_block = "10.10.0.0/16"
  subnet_id      = "subnet-0123456789abcdef0"
  instance_type  = "t3.small"
  tags           = { Environment = "dev" }
}

run "nothing_comes_in" {
  command = apply

  assert {
    condition     = length(coalesce(aws_security_group.this.ingress, [])) == 0 && join(" ", aws_instance.this.vpc_security_group_ids) == aws_security_group.this.id
    error_message = "The bastion's only security group has no ingress."
  }

  assert {
    condition     = aws_instance.this.associate_public_ip_address == false && aws_instance.this.subnet_id == var.subnet_id
    error_message = "The bastion has no public address."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.https.from_port == 443 && aws_vpc_security_group_egress_rule.https.to_port == 443
    error_message = "To the internet it speaks HTTPS only."
  }

  assert {
    condition     = { for name, rule in aws_vpc_security_group_egress_rule.this : name => "${rule.cidr_ipv4}:${rule.from_port}-${rule.to_port}" } == { mysql = "10.10.0.0/16:3306-3306", redis = "10.10.0.0/16:6379-6379" }
    error_message = "In the VPC it reaches database and cache."
  }
}

run "the_instance_is_hardened" {
  command = apply

  assert {
    condition     = aws_instance.this.metadata_options[0].http_tokens == "required" && aws_instance.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "IMDSv2 only."
  }

  assert {
    condition     = aws_instance.this.root_block_device[0].encrypted && aws_instance.this.root_block_device[0].kms_key_id == var.kms_key_arn && aws_instance.this.root_block_device[0].tags.Environment == "dev"
    error_message = "The volume is encrypted with the environment's key and tagged."
  }

  assert {
    condition     = aws_instance.this.instance_type == "t3.small" && aws_instance.this.ami == "ami-0123456789abcdef0"
    error_message = "Type and image are as asked."
  }
}

run "sessions_are_encrypted_and_recorded" {
  command = apply

  assert {
    condition = jsondecode(aws_ssm_document.session.content).inputs.cloudWatchLogGroupName == "/aws/ssm/expense-dev/sessions" && alltrue([
      jsondecode(aws_ssm_document.session.content).inputs.cloudWatchEncryptionEnabled,
      jsondecode(aws_ssm_document.session.content).inputs.kmsKeyId == var.kms_key_arn,
      jsondecode(aws_ssm_document.session.content).inputs.idleSessionTimeout == "20",
    ])
    error_message = "Sessions are encrypted, recorded, and end when idle."
  }

  assert {
    condition     = aws_cloudwatch_log_group.sessions.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.sessions.retention_in_days == 30
    error_message = "Transcripts are encrypted and expire."
  }
}

run "the_role_is_narrow" {
  command = apply

  assert {
    condition     = aws_iam_role_policy_attachment.ssm.policy_arn == "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    error_message = "Systems Manager is all that AWS grants."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.sessions.policy).Statement :
      statement.Resource != "*" || statement.Action == "logs:DescribeLogGroups"
    ])
    error_message = "Only the listing of log groups is not limited to a resource."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.sessions.policy).Statement[0].Resource == ["arn:aws:logs:us-east-1:123456789012:log-group:/aws/ssm/expense-dev/sessions", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/ssm/expense-dev/sessions:log-stream:*"]
    error_message = "Transcripts go to the bastion's own group."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    kms_key_arn                  = "alias/expense"
    vpc_id                       = "10.10.0.0/16"
    vpc_cidr_block               = "vpc-1"
    subnet_id                    = "a"
    instance_type                = "small"
    ami_ssm_parameter            = "/somebody/elses/image"
    root_volume_size_gib         = 4
    reachable_ports              = { mysql = 70000 }
    idle_session_timeout_minutes = 0
    log_retention_days           = 2
  }

  expect_failures = [
    var.kms_key_arn,
    var.vpc_id,
    var.vpc_cidr_block,
    var.subnet_id,
    var.instance_type,
    var.ami_ssm_parameter,
    var.root_volume_size_gib,
    var.reachable_ports,
    var.idle_session_timeout_minutes,
    var.log_retention_days,
  ]
}
