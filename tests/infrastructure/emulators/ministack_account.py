"""Ministack acts in the account of the role that moto's STS let the caller assume."""

from ministack.core import responses
from patching import Function, replace

import moto_aws


@replace(responses, "_account_from_sts_session")
def _account_from_sts_session(original: Function, access_key: str) -> str | None:
    return original(access_key) or moto_aws.account_of(access_key)
