mock_provider "aws" {
  source = "../.testing"
}

variables {
  domain_name = "expense.example.com"
}

run "the_zone_says_who_may_certify" {
  command = apply

  assert {
    condition     = aws_route53_zone.this.name == "expense.example.com" && !aws_route53_zone.this.force_destroy && length(aws_route53_zone.this.vpc) == 0
    error_message = "The zone is public, and a destroy spares others' records."
  }

  assert {
    condition     = aws_route53_record.caa.type == "CAA" && contains(aws_route53_record.caa.records, "0 issue \"amazon.com\"") && alltrue([for record in aws_route53_record.caa.records : strcontains(record, "amazon") || strcontains(record, "awstrust")])
    error_message = "Amazon's authorities issue certificates, no others."
  }

  assert {
    condition     = length(aws_route53_record.delegation) == 0 && length(aws_kms_key.dnssec) == 0 && length(aws_route53_query_log.this) == 0 && output.ds_record == null
    error_message = "Nothing more is set up unasked."
  }
}

run "zones_below_are_delegated" {
  command = apply

  variables {
    delegations = { nonprod = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"] }
  }

  assert {
    condition     = aws_route53_record.delegation["nonprod"].name == "nonprod.expense.example.com" && aws_route53_record.delegation["nonprod"].type == "NS" && length(aws_route53_record.delegation["nonprod"].records) == 2
    error_message = "The other account's name servers answer for its zone."
  }
}

run "a_signed_and_logged_zone" {
  command = apply

  variables {
    dnssec_enabled           = true
    query_log_retention_days = 30
    query_log_kms_key_arn    = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition     = aws_kms_key.dnssec[0].customer_master_key_spec == "ECC_NIST_P256" && aws_kms_key.dnssec[0].key_usage == "SIGN_VERIFY"
    error_message = "The key is of the kind that Route 53 signs with."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_kms_key.dnssec[0].policy).Statement : can(statement.Condition) if can(statement.Principal.Service)])
    error_message = "Route 53 uses the key under conditions."
  }

  assert {
    condition     = length(aws_route53_hosted_zone_dnssec.this) == 1 && output.ds_record != null
    error_message = "The zone is signed, and the DS record for the parent is told."
  }

  assert {
    condition     = aws_cloudwatch_log_group.queries[0].name == "/aws/route53/expense.example.com" && aws_cloudwatch_log_group.queries[0].kms_key_id == var.query_log_kms_key_arn && aws_cloudwatch_log_group.queries[0].retention_in_days == 30
    error_message = "Queries are logged where Route 53 writes, encrypted, and expire."
  }
}

run "other_regions_cannot_sign_or_log" {
  command = plan

  variables {
    dnssec_enabled           = true
    query_log_retention_days = 30
    query_log_kms_key_arn    = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  override_data {
    target = data.aws_region.this
    values = { name = "eu-west-1" }
  }

  expect_failures = [aws_kms_key.dnssec, aws_cloudwatch_log_group.queries]
}

run "bad_values_are_refused" {
  command = plan

  variables {
    domain_name              = "Expense"
    delegations              = { nonprod = ["ns-1.awsdns-01.com"] }
    certificate_authorities  = []
    query_log_retention_days = 30
    query_log_kms_key_arn    = null
  }

  expect_failures = [
    var.domain_name,
    var.delegations,
    var.certificate_authorities,
    var.query_log_kms_key_arn,
  ]
}

run "an_odd_retention_is_refused" {
  command = plan

  variables {
    query_log_retention_days = 31
  }

  expect_failures = [var.query_log_retention_days]
}
