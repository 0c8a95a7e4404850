# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""Prints what the emulators hold in the accounts given as arguments, by kind, as JSON.

Asks each emulator over the ordinary API of each service, with the listing that AWS has too. What is
there in every new account (default network, service-linked things) is left out; so is a key that
waits for its deletion, which is all that AWS lets one do with a key.
"""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

import boto3
import moto_aws

Row = dict[str, Any]
Client = Any

# service, operation, result's key, what names a row, extra arguments
LISTINGS: list[tuple[str, str, str, str, Row]] = [
    ("acm", "list_certificates", "CertificateSummaryList", "CertificateArn", {}),
    ("backup", "list_backup_plans", "BackupPlansList", "BackupPlanName", {}),
    ("backup", "list_backup_vaults", "BackupVaultList", "BackupVaultName", {}),
    ("cloudtrail", "describe_trails", "trailList", "Name", {}),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName", {}),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName", {}),
    ("ec2", "describe_addresses", "Addresses", "AllocationId", {}),
    ("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId", {}),
    ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId", {}),
    ("ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateName", {}),
    ("ec2", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId", {}),
    ("ec2", "describe_volumes", "Volumes", "VolumeId", {}),
    ("ecr", "describe_repositories", "repositories", "repositoryName", {}),
    ("eks", "list_clusters", "clusters", "", {}),
    ("elasticache", "describe_cache_clusters", "CacheClusters", "CacheClusterId", {}),
    ("elasticache", "describe_replication_groups", "ReplicationGroups", "ReplicationGroupId", {}),
    ("elasticache", "describe_cache_subnet_groups", "CacheSubnetGroups", "CacheSubnetGroupName", {}),
    ("elasticache", "describe_user_groups", "UserGroups", "UserGroupId", {}),
    ("guardduty", "list_detectors", "DetectorIds", "", {}),
    ("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName", {}),
    ("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList", "Arn", {}),
    ("iam", "list_policies", "Policies", "PolicyName", {"Scope": "Local"}),
    ("iam", "list_roles", "Roles", "RoleName", {}),
    ("kms", "list_aliases", "Aliases", "AliasName", {}),
    ("logs", "describe_log_groups", "logGroups", "logGroupName", {}),
    ("logs", "describe_resource_policies", "resourcePolicies", "policyName", {}),
    ("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier", {}),
    ("rds", "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName", {}),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName", {}),
    ("rds", "describe_event_subscriptions", "EventSubscriptionsList", "CustSubscriptionId", {}),
    ("route53", "list_hosted_zones", "HostedZones", "Name", {}),
    ("s3", "list_buckets", "Buckets", "Name", {}),
    ("secretsmanager", "list_secrets", "SecretList", "Name", {}),
    ("sns", "list_topics", "Topics", "TopicArn", {}),
    ("ssm", "list_documents", "DocumentIdentifiers", "Name",
     {"Filters": [{"Key": "Owner", "Values": ["Self"]}]}),
    ("wafv2", "list_web_acls", "WebACLs", "Name", {"Scope": "REGIONAL"}),
]  # fmt: skip


def _default(kind: str, name: str) -> bool:
    """Return whether every account has the thing from the beginning."""
    return name.startswith(("default", "alias/aws/", "AWSServiceRole")) or (
        kind.startswith("rds") and "default" in name
    )


def _names(rows: Iterable[Any], key: str) -> list[str]:
    return [str(row[key]) if key else str(row) for row in rows]


def _special(client: Callable[[str], Client], account_id: str) -> dict[str, list[str]]:
    """Return what needs more than one call: networks beside the default one, keys, budgets."""
    ec2, kms = client("ec2"), client("kms")
    other = {"Filters": [{"Name": "isDefault", "Values": ["false"]}]}
    vpcs = _names(ec2.describe_vpcs(**other)["Vpcs"], "VpcId")
    instances = [
        instance["InstanceId"]
        for reservation in ec2.describe_instances()["Reservations"]
        for instance in reservation["Instances"]
        if instance["State"]["Name"] != "terminated"
    ]
    nats = [nat["NatGatewayId"] for nat in ec2.describe_nat_gateways()["NatGateways"] if nat["State"] != "deleted"]
    groups = [
        group["GroupId"]
        for group in ec2.describe_security_groups()["SecurityGroups"]
        if group["GroupName"] != "default"
    ]
    keys = [
        key["KeyId"]
        for key in kms.list_keys()["Keys"]
        if kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] != "PendingDeletion"
        and kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyManager"] == "CUSTOMER"
    ]
    budgets = client("budgets").describe_budgets(AccountId=account_id).get("Budgets", [])
    return {
        "ec2 vpcs": vpcs,
        "ec2 instances": instances,
        "ec2 nat gateways": nats,
        "ec2 security groups": groups,
        "kms keys": keys,
        "budgets": _names(budgets, "BudgetName"),
    }


def holdings(account_id: str) -> dict[str, list[str]]:
    """Return the names of what the account holds, by kind; kinds with nothing are left out."""
    keys = moto_aws.keys(account_id)

    def client(service: str) -> Client:
        return boto3.client(service, **keys)

    found = _special(client, account_id)
    for service, operation, result, key, arguments in LISTINGS:
        kind = f"{service} {operation}"
        rows = getattr(client(service), operation)(**arguments)[result]
        found[kind] = [name for name in _names(rows, key) if not _default(kind, name)]
    return {kind: names for kind, names in found.items() if names}


if __name__ == "__main__":
    print(json.dumps({account_id: holdings(account_id) for account_id in sys.argv[1:]}))  # noqa: T201
