"""What must hold of every environment, asserted on its plan with every value known."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infrastructure.layout import Plan, resources

Row = dict[str, Any]

WORLD = {"0.0.0.0/0", "::/0"}


@pytest.fixture(name="rows", scope="module")
def _rows(plans: dict[str, Plan]) -> list[tuple[str, Row]]:
    return [(unit, row) for unit, plan in plans.items() for row in resources(plan)]


def _of(rows: list[tuple[str, Row]], kind: str) -> list[tuple[str, Row]]:
    found = [(f"{unit} {row['address']}", row["values"]) for unit, row in rows if row["type"] == kind]
    assert found, f"the layout has no {kind}"
    return found


def test_no_database_is_public(rows: list[tuple[str, Row]]) -> None:
    for where, database in _of(rows, "aws_db_instance"):
        assert database["publicly_accessible"] is False, where
    subnets = {
        subnet
        for kind in ("aws_db_subnet_group", "aws_elasticache_subnet_group")
        for _, group in _of(rows, kind)
        for subnet in group["subnet_ids"]
    }
    tables = {
        association["route_table_id"]
        for _, association in _of(rows, "aws_route_table_association")
        if association["subnet_id"] in subnets
    }
    assert tables
    for where, route in _of(rows, "aws_route"):
        assert route["route_table_id"] not in tables, f"{where} leads out of a database subnet"
    for where, table in _of(rows, "aws_route_table"):
        if table["id"] in tables:
            assert not [route for route in table["route"] if not route["gateway_id"].startswith("vpce-")], where


def test_the_world_reaches_port_443_of_the_load_balancer_only(rows: list[tuple[str, Row]]) -> None:
    open_to_all = [
        (where.split()[0].rsplit("/", 1)[1], rule["from_port"], rule["to_port"])
        for where, rule in _of(rows, "aws_vpc_security_group_ingress_rule")
        if {rule["cidr_ipv4"], rule["cidr_ipv6"]} & WORLD
    ]
    assert set(open_to_all) == {("edge", 443, 443)}
    for where, group in _of(rows, "aws_security_group"):
        for rule in group["ingress"] or []:
            if {*rule["cidr_blocks"], *rule["ipv6_cidr_blocks"]} & WORLD:
                assert "/edge " in where, where
                assert (rule["from_port"], rule["to_port"]) == (443, 443), where
    for where, group in _of(rows, "aws_default_security_group"):
        assert not group["ingress"], where
        assert not group["egress"], where
    for where, cluster in _of(rows, "aws_eks_cluster"):
        access = cluster["vpc_config"][0]
        assert access["endpoint_private_access"] is True, where
        assert not (access["endpoint_public_access"] and WORLD & set(access["public_access_cidrs"])), where


def test_prods_api_server_is_private(rows: list[tuple[str, Row]]) -> None:
    public = {
        where.split("/")[2]: cluster["vpc_config"][0]["endpoint_public_access"]
        for where, cluster in _of(rows, "aws_eks_cluster")
    }
    assert public == {"dev": True, "staging": True, "prod": False}


ENCRYPTED_BY_KEY = {
    "aws_backup_vault": "kms_key_arn",
    "aws_cloudtrail": "kms_key_id",
    "aws_cloudwatch_log_group": "kms_key_id",
    "aws_db_instance": "kms_key_id",
    "aws_elasticache_replication_group": "kms_key_id",
    "aws_secretsmanager_secret": "kms_key_id",
    "aws_sns_topic": "kms_master_key_id",
}


@pytest.mark.parametrize(("kind", "attribute"), sorted(ENCRYPTED_BY_KEY.items()))
def test_what_is_stored_is_encrypted_with_a_key_of_ours(rows: list[tuple[str, Row]], kind: str, attribute: str) -> None:
    for where, row in _of(rows, kind):
        assert row[attribute], f"{where} names no key"
        assert "alias/aws/" not in row[attribute], where


def test_disks_buckets_registry_and_cluster_secrets_are_encrypted(rows: list[tuple[str, Row]]) -> None:
    for where, instance in _of(rows, "aws_instance"):
        assert instance["root_block_device"][0]["encrypted"] is True, where
        assert instance["metadata_options"][0]["http_tokens"] == "required", where
    for where, template in _of(rows, "aws_launch_template"):
        assert template["block_device_mappings"][0]["ebs"][0]["encrypted"] == "true", where
        assert template["metadata_options"][0]["http_tokens"] == "required", where
    for where, repository in _of(rows, "aws_ecr_repository"):
        assert repository["encryption_configuration"][0]["encryption_type"] == "KMS", where
        assert repository["image_tag_mutability"] == "IMMUTABLE", where
    for where, cluster in _of(rows, "aws_eks_cluster"):
        assert cluster["encryption_config"][0]["resources"] == ["secrets"], where
    for where, database in _of(rows, "aws_db_instance"):
        assert database["storage_encrypted"] is True, where
        assert database["manage_master_user_password"] is True, where
    for where, cache in _of(rows, "aws_elasticache_replication_group"):
        assert str(cache["at_rest_encryption_enabled"]).lower() == "true", where
        assert cache["transit_encryption_enabled"] is True, where
    encrypted = {row["bucket"] for _, row in _of(rows, "aws_s3_bucket_server_side_encryption_configuration")}
    private = {row["bucket"] for _, row in _of(rows, "aws_s3_bucket_public_access_block")}
    buckets = {row["bucket"] for _, row in _of(rows, "aws_s3_bucket")}
    assert buckets == encrypted == private


def test_databases_require_tls(rows: list[tuple[str, Row]]) -> None:
    for where, group in _of(rows, "aws_db_parameter_group"):
        values = {parameter["name"]: parameter["value"] for parameter in group["parameter"]}
        assert values["require_secure_transport"] in {"1", "ON"}, where


def _statements(rows: list[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
    """Yield every statement of every identity's policy and of every role's trust."""
    for unit, row in rows:
        for attribute in ("policy", "assume_role_policy"):
            text = row["values"].get(attribute)
            # A key's policy says "*" for itself, so it has a test of its own.
            if not isinstance(text, str) or not text.startswith("{") or row["type"] == "aws_kms_key":
                continue
            statements = json.loads(text)["Statement"]
            for statement in [statements] if isinstance(statements, dict) else statements:
                yield f"{unit} {row['address']}", statement


def _list(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])  # type: ignore[call-overload]


def test_no_policy_allows_a_wildcard_action_on_every_resource(rows: list[tuple[str, Row]]) -> None:
    seen = 0
    for where, statement in _statements(rows):
        seen += 1
        if statement["Effect"] != "Allow":
            continue
        assert "NotAction" not in statement, where
        assert "NotResource" not in statement, where
        if "*" in _list(statement.get("Resource")):
            wild = [action for action in _list(statement["Action"]) if "*" in action]
            assert wild == [], f"{where} allows {wild} on every resource"
        assert "*" not in _list(statement.get("Action")), where
    assert seen > 100


def test_nobody_outside_is_trusted_without_a_condition(rows: list[tuple[str, Row]]) -> None:
    for where, statement in _statements(rows):
        principal = statement.get("Principal")
        if statement["Effect"] == "Allow" and principal in ("*", {"AWS": "*"}):
            assert statement.get("Condition"), where


def test_github_is_trusted_by_repository_and_environment_exactly(rows: list[tuple[str, Row]]) -> None:
    found = 0
    for where, statement in _statements(rows):
        if statement.get("Action") != "sts:AssumeRoleWithWebIdentity":
            continue
        found += 1
        assert set(statement["Condition"]) == {"StringEquals"}, where
        subjects = [
            subject
            for name, value in statement["Condition"]["StringEquals"].items()
            if name.endswith(":sub")
            for subject in _list(value)
        ]
        assert subjects, where
        assert all(":environment:" in subject and "*" not in subject for subject in subjects), where
    assert found == 5  # publish in two accounts, deploy to three environments


def test_everything_has_the_default_tags(rows: list[tuple[str, Row]]) -> None:
    for unit, row in rows:
        tags = row["values"].get("tags_all")
        if tags is None:
            continue
        assert tags["Environment"] == unit.split("/")[2], f"{unit} {row['address']}"
        assert {"Project", "Unit", "ManagedBy", "Repository"} <= set(tags), f"{unit} {row['address']}"
