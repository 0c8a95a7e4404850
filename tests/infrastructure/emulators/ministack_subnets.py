# ruff: noqa: SLF001 - an emulator is mended where it has no public place
# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""Subnet groups of RDS and ElastiCache consist of the subnets that moto's EC2 holds."""

from typing import Any

import moto_aws
from ministack.core.responses import get_account_id, get_region
from ministack.services import elasticache, rds
from patching import Function, replace

Members = tuple[list[dict[str, Any]], str]


def _members(subnet_ids: list[str]) -> Members | None:
    subnets = moto_aws.subnets(get_account_id(), get_region(), subnet_ids)
    if not subnets or len({subnet["VpcId"] for subnet in subnets}) != 1:
        return None
    members = [
        {
            "SubnetIdentifier": subnet["SubnetId"],
            "SubnetAvailabilityZone": {"Name": subnet["AvailabilityZone"]},
            "SubnetOutpost": {},
            "SubnetStatus": "Active",
        }
        for subnet in subnets
    ]
    return members, subnets[0]["VpcId"]


@replace(rds, "_resolve_subnet_group_members")
def _rds_members(_: Function, subnet_ids: list[str]) -> Members | None:
    return _members(subnet_ids)


@replace(elasticache, "_resolve_subnets")
def _elasticache_members(_: Function, parameters: dict[str, Any]) -> Members | None:
    names = ("SubnetIdentifier", "member")
    return _members(elasticache._extract_configs(parameters, "SubnetIds", names))
