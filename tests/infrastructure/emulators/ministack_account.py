# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""Ministack acts in the account of the role that moto's STS let the caller assume."""

import moto_aws
from ministack.core import responses
from patching import Function, replace


@replace(responses, "_account_from_sts_session")
def _account_from_sts_session(original: Function, access_key: str) -> str | None:
    return original(access_key) or moto_aws.account_of(access_key)
