# What a unit's outputs look like before it is applied: for plan and validate, never for apply.

locals {
  commands = ["plan", "validate"]

  account_id  = "000000000000"
  environment = basename(dirname(get_original_terragrunt_dir()))
  topic_arn   = "arn:aws:sns:us-east-1:${local.account_id}:mock"
  bucket_arn  = "arn:aws:s3:::mock"
  secret_arn  = "arn:aws:secretsmanager:us-east-1:${local.account_id}:secret:mock"

  kms           = { kms_key_arn = "arn:aws:kms:us-east-1:${local.account_id}:key/mock" }
  state         = { bucket_arn = local.bucket_arn, kms_key_arn = local.kms.kms_key_arn }
  ecr           = { repository_arns = { api = "arn:aws:ecr:us-east-1:${local.account_id}:repository/mock" } }
  dns           = { zone_id = "Z00000000MOCK", name_servers = ["ns1.invalid", "ns2.invalid"] }
  oidc          = { role_arns = { "deploy-${local.environment}" = "arn:aws:iam::${local.account_id}:role/mock" } }
  observability = { topic_arn = local.topic_arn, log_group_arns = { application = "arn:aws:logs:us-east-1:${local.account_id}:log-group:mock" } }

  vpc = {
    vpc_id              = "vpc-mock"
    vpc_cidr_block      = "10.0.0.0/16"
    private_subnet_ids  = ["subnet-mock-a", "subnet-mock-b"]
    database_subnet_ids = ["subnet-mock-c", "subnet-mock-d"]
  }

  bastion = { security_group_id = "sg-mock" }
  edge    = { security_group_id = "sg-mock", web_acl_arn = "arn:aws:wafv2:us-east-1:${local.account_id}:regional/webacl/mock/mock" }

  eks = {
    cluster_name           = "mock"
    cluster_arn            = "arn:aws:eks:us-east-1:${local.account_id}:cluster/mock"
    node_security_group_id = "sg-mock"
  }

  rds         = { instance_arn = "arn:aws:rds:us-east-1:${local.account_id}:db:mock", master_user_secret_arn = local.secret_arn }
  elasticache = { secret_arn = local.secret_arn }
  secrets     = { secret_arns = { database-url = local.secret_arn, redis-url = local.secret_arn } }
  backups     = { bucket_arn = local.bucket_arn }
}
