# ruff: noqa: SLF001 - an emulator is mended where it has no public place
# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""KMS, CloudTrail and bucket policies: what moto 5.2.5 lacks of them."""

import json
import os

import boto3
from botocore.exceptions import ClientError
from moto.cloudtrail.exceptions import S3BucketDoesNotExistException
from moto.cloudtrail.models import Trail
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.kms.responses import KmsResponse
from moto.s3.models import FakeBucket
from patching import Function, replace


@replace(FakeBucket, "get_permission")
def _get_permission(_: Function, bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    """Judge a bucket policy by its statements without a condition.

    Moto knows none of a request's conditions (TLS, the principal's account, a key's id), takes each
    as met and refuses its own owner. A statement with a condition is left out instead.
    """
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(bucket.policy)
    statements = policy["Statement"]
    if isinstance(statements, dict):
        statements = [statements]
    policy["Statement"] = [statement for statement in statements if "Condition" not in statement]
    return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)


@replace(KmsResponse, "enable_key_rotation")
def _enable_key_rotation(original: Function, response: KmsResponse) -> str:
    key_id = response.kms_backend.get_key_id(response._get_param("KeyId"))
    response.kms_backend.keys[key_id].rotation_period = response._get_param("RotationPeriodInDays", 365)
    return original(response)


@replace(KmsResponse, "get_key_rotation_status")
def _get_key_rotation_status(original: Function, response: KmsResponse) -> str:
    status = json.loads(original(response))
    key_id = response.kms_backend.get_key_id(response._get_param("KeyId"))
    if status["KeyRotationEnabled"]:
        key = response.kms_backend.keys[key_id]
        status["RotationPeriodInDays"] = getattr(key, "rotation_period", 365)
    return json.dumps(status)


@replace(Trail, "check_bucket_exists")
def _check_bucket_exists(_: Function, trail: Trail) -> None:
    """Look for the trail's bucket where buckets live: in ministack, whose keys are account numbers."""
    s3 = boto3.client(
        "s3",
        endpoint_url=os.environ["MINISTACK_URL"],
        region_name=trail.region_name,
        aws_access_key_id=trail.account_id,
        aws_secret_access_key="emulated",
    )
    try:
        s3.head_bucket(Bucket=trail.bucket_name)
    except ClientError as error:
        raise S3BucketDoesNotExistException(f"S3 bucket {trail.bucket_name} does not exist!") from error
