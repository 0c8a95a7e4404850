"""What moto 5.2.5 lacks for these units."""

import json

from moto.iam.access_control import IAMPolicy, PermissionResult
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
