# The one file to fill in. Everything else derives from it, from a folder's name (account, region,
# environment) or from the env.hcl that says how the environments differ.

locals {
  # Prefix of every resource's name: 3 to 12 of a-z, 0-9 and hyphen.
  project = "expense"

  # Number of each AWS account, by the name of its folder in live/.
  account_ids = {
    nonprod = "111111111111"
    prod    = "222222222222"
  }

  # Role that Terragrunt assumes in each account; AWS Organizations makes this one in the accounts it
  # creates. Empty: use the credentials at hand (then run each account from its own folder), as workflows do.
  deployment_role = get_env("EXPENSE_DEPLOYMENT_ROLE", "OrganizationAccountAccessRole")

  # Role of the people who operate the clusters, in each account. With IAM Identity Center it is
  # `aws-reserved/sso.amazonaws.com/AWSReservedSSO_...`.
  administrator_role = "administrator"

  # Networks from which people reach the API servers of dev and staging; prod's is private.
  operator_cidr_blocks = ["198.51.100.0/24"]

  # Public zone of prod. nonprod gets `nonprod.` below it, which prod delegates.
  domain = "expense.example.com"

  # Whose workflows may publish images and deploy, as owner/name.
  github_repository = "example/expense"

  # Who is told of alarms and budgets.
  alert_emails = ["operations@example.com"]
}
