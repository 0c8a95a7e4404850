mock_provider "aws" {
  source = "../.testing"
}

override_resource {
  target = aws_acm_certificate.this
  values = {
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/mock"
    domain_validation_options = [{
      domain_name           = "dev.expense.example.com"
      resource_record_name  = "_a.dev.expense.example.com."
      resource_record_type  = "CNAME"
      resource_record_value = "_b.acm-validations.aws."
    }]
  }
}

variables {
  name            = "expense-dev"
  kms_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  vpc_id          = "vpc-0123456789abcdef0"
  vpc_cidr_block  = "10.10.0.0/16"
  zone_id         = "Z0123456789"
  domain_name     = "dev.expense.example.com"
  alarm_topic_arn = "arn:aws:sns:us-east-1:123456789012:expense-dev-alarms"
}

run "https_is_the_only_way_in" {
  command = apply

  assert {
    condition     = aws_vpc_security_group_ingress_rule.https.from_port == 443 && aws_vpc_security_group_ingress_rule.https.to_port == 443 && aws_vpc_security_group_ingress_rule.https.ip_protocol == "tcp" && length(coalesce(aws_security_group.this.ingress, [])) == 0
    error_message = "The internet reaches port 443 and no other."
  }

  assert {
    condition     = { for port, rule in aws_vpc_security_group_egress_rule.targets : port => rule.cidr_ipv4 } == { "8000" = "10.10.0.0/16" }
    error_message = "The load balancer reaches the pods' port in the VPC and nothing else."
  }
}

run "the_certificate_is_validated_by_dns" {
  command = apply

  assert {
    condition     = aws_acm_certificate.this.validation_method == "DNS" && aws_acm_certificate.this.domain_name == "dev.expense.example.com"
    error_message = "ACM validates by DNS and so renews by itself."
  }

  assert {
    condition     = aws_route53_record.validation["dev.expense.example.com"].name == "_a.dev.expense.example.com." && join(" ", aws_route53_record.validation["dev.expense.example.com"].records) == "_b.acm-validations.aws."
    error_message = "The record that ACM asks for is in the zone."
  }
}

run "waf_stands_in_front" {
  command = apply

  assert {
    condition = alltrue([
      for name in ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesSQLiRuleSet"] :
      contains([for rule in aws_wafv2_web_acl.this.rule : rule.name if length(try(rule.override_action[0].none, [])) == 1], name)
    ])
    error_message = "Amazon's rule groups are enforced."
  }

  assert {
    condition     = one([for rule in aws_wafv2_web_acl.this.rule : rule.statement[0].rate_based_statement[0].limit if rule.name == "rate-limit" && length(try(rule.action[0].block, [])) == 1]) == 2000
    error_message = "One address cannot ask without limit."
  }

  assert {
    condition = one([
      for rule in aws_wafv2_web_acl.this.rule : [for override in rule.statement[0].managed_rule_group_statement[0].rule_action_override : override.name]
      if rule.name == "AWSManagedRulesCommonRuleSet"
    ]) == ["SizeRestrictions_BODY"]
    error_message = "Only the limit on the body's size is counted instead of enforced."
  }

  assert {
    condition     = aws_wafv2_web_acl.this.scope == "REGIONAL" && length(distinct([for rule in aws_wafv2_web_acl.this.rule : rule.priority])) == 5
    error_message = "The rules have an order of their own."
  }
}

run "waf_is_logged_without_credentials" {
  command = apply

  assert {
    condition     = startswith(aws_cloudwatch_log_group.waf.name, "aws-waf-logs-") && aws_cloudwatch_log_group.waf.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.waf.retention_in_days == 30
    error_message = "What WAF blocks is logged, encrypted, and expires."
  }

  assert {
    condition     = join(" ", sort([for field in aws_wafv2_web_acl_logging_configuration.this.redacted_fields : field.single_header[0].name])) == "authorization cookie"
    error_message = "Credentials stay out of the log."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_log_resource_policy.waf.policy_document).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Only this account's WAF writes there."
  }
}

run "access_logs_have_a_bucket" {
  command = apply

  assert {
    condition = one([
      for statement in jsondecode(module.access_logs.policy).Statement : statement
      if statement.Effect == "Allow"
      ]) == {
      Sid       = "DeliverAccessLogs"
      Effect    = "Allow"
      Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::expense-dev-edge-logs-123456789012/AWSLogs/123456789012/*"
      Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/*" } }
    }
    error_message = "Only this account's load balancers write there."
  }
}

run "before_the_load_balancer_there_is_no_name" {
  command = apply

  assert {
    condition     = length(aws_route53_record.this) == 0 && length(aws_cloudwatch_metric_alarm.this) == 0
    error_message = "Name and alarms wait for the load balancer."
  }
}

run "the_name_points_to_the_load_balancer" {
  command = apply

  variables {
    load_balancer = {
      dns_name   = "k8s-expense-1234.us-east-1.elb.amazonaws.com"
      zone_id    = "Z35SXDOTRQ7X7K"
      arn_suffix = "app/k8s-expense/1234567890abcdef"
    }
  }

  assert {
    condition     = join(" ", keys(aws_route53_record.this)) == "A AAAA" && alltrue([for record in aws_route53_record.this : record.name == "dev.expense.example.com" && record.alias[0].name == "k8s-expense-1234.us-east-1.elb.amazonaws.com" && record.alias[0].evaluate_target_health])
    error_message = "Both address families resolve to it."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 3 && alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.dimensions.LoadBalancer == "app/k8s-expense/1234567890abcdef" && join("", alarm.alarm_actions) == var.alarm_topic_arn])
    error_message = "Its alarms watch it and notify."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["response-time"].extended_statistic == "p99"
    error_message = "Slowness is judged by the 99th percentile."
  }
}

run "bad_values_are_refused" {
  command = plan

  variables {
    vpc_cidr_block            = "everything"
    target_ports              = []
    domain_name               = "Dev.Example.Com."
    rate_limit                = 10
    access_log_retention_days = 0
    alarm_topic_arn           = "alarms"
    load_balancer             = { dns_name = "x", zone_id = "y", arn_suffix = "net/x/1" }
  }

  expect_failures = [
    var.vpc_cidr_block,
    var.target_ports,
    var.domain_name,
    var.rate_limit,
    var.access_log_retention_days,
    var.alarm_topic_arn,
    var.load_balancer,
  ]
}
