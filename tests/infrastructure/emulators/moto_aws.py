# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""The other emulator, asked over its API: what ministack needs to know of moto's account.

Networks, keys and identities live in moto (``MOTO_URL``); the services that live in ministack
refer to them. An id that moto does not know is refused, as AWS refuses it.
"""

import functools
import os
from typing import Any

import boto3
from botocore.exceptions import ClientError


def _moto(service: str, region: str, **keys: str) -> Any:
    return boto3.client(service, endpoint_url=os.environ["MOTO_URL"], region_name=region, **keys)


@functools.cache
def keys(account_id: str) -> dict[str, str]:
    """Return keys that act in the account: moto lets anybody assume a role, which need not exist."""
    sts = _moto("sts", "us-east-1", aws_access_key_id="emulated", aws_secret_access_key="emulated")
    role = f"arn:aws:iam::{account_id}:role/emulators"
    made = sts.assume_role(RoleArn=role, RoleSessionName="emulators")["Credentials"]
    return {
        "aws_access_key_id": made["AccessKeyId"],
        "aws_secret_access_key": made["SecretAccessKey"],
        "aws_session_token": made["SessionToken"],
    }


@functools.cache
def client(service: str, account_id: str, region: str) -> Any:
    """Return a client of moto's ``service`` that acts in the account."""
    return _moto(service, region, **keys(account_id))


@functools.cache
def account_of(access_key: str) -> str:
    """Return the account id that ``access_key`` acts in, for a key that moto's STS handed out."""
    sts = _moto("sts", "us-east-1", aws_access_key_id=access_key, aws_secret_access_key="emulated")
    return str(sts.get_caller_identity()["Account"])


def subnets(account_id: str, region: str, subnet_ids: list[str]) -> list[dict[str, Any]] | None:
    """Return the subnets as EC2 describes them, or None where one does not exist."""
    try:
        found = client("ec2", account_id, region).describe_subnets(SubnetIds=subnet_ids)
    except ClientError:
        return None
    return list(found["Subnets"])
