# ruff: noqa: SLF001 - an emulator is mended where it has no public place
# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""EC2's defaults of an account and region, and Cost Explorer's anomaly detection, which moto lacks."""

import uuid
from typing import Any

from moto.ce.responses import CostExplorerResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

Store = dict[str, Any]


def _defaults(response: EC2Response) -> Store:
    """Return the settings of the caller's account and region, AWS's own where none was made."""
    backend = response.ec2_backend
    if not hasattr(backend, "account_defaults"):
        key = f"arn:aws:kms:{backend.region_name}:{backend.account_id}:alias/aws/ebs"
        backend.account_defaults = {"key": key, "snapshots": "unblocked", "metadata": {}}
    store: Store = backend.account_defaults
    return store


def _get_key(response: EC2Response) -> ActionResult:
    return ActionResult({"KmsKeyId": _defaults(response)["key"]})


def _modify_key(response: EC2Response) -> ActionResult:
    _defaults(response)["key"] = response._get_param("KmsKeyId")
    return _get_key(response)


def _reset_key(response: EC2Response) -> ActionResult:
    del response.ec2_backend.account_defaults
    return _get_key(response)


def _get_snapshots(response: EC2Response) -> ActionResult:
    return ActionResult({"State": _defaults(response)["snapshots"], "ManagedBy": "account"})


def _enable_snapshots(response: EC2Response) -> ActionResult:
    _defaults(response)["snapshots"] = response._get_param("State")
    return _get_snapshots(response)


def _disable_snapshots(response: EC2Response) -> ActionResult:
    _defaults(response)["snapshots"] = "unblocked"
    return _get_snapshots(response)


def _get_metadata(response: EC2Response) -> ActionResult:
    return ActionResult({"AccountLevel": _defaults(response)["metadata"]})


def _modify_metadata(response: EC2Response) -> ActionResult:
    """Set what the request names; ``no-preference`` and -1 take a setting back."""
    settings = _defaults(response)["metadata"]
    for name in ("HttpTokens", "HttpEndpoint", "InstanceMetadataTags", "HttpPutResponseHopLimit"):
        value = response._get_param(name)
        if value in ("no-preference", -1, "-1"):
            settings.pop(name, None)
        elif value is not None:
            settings[name] = value
    return ActionResult({"Return": True})


EC2Response.get_ebs_default_kms_key_id = _get_key
EC2Response.modify_ebs_default_kms_key_id = _modify_key
EC2Response.reset_ebs_default_kms_key_id = _reset_key
EC2Response.get_snapshot_block_public_access_state = _get_snapshots
EC2Response.enable_snapshot_block_public_access = _enable_snapshots
EC2Response.disable_snapshot_block_public_access = _disable_snapshots
EC2Response.get_instance_metadata_defaults = _get_metadata
EC2Response.modify_instance_metadata_defaults = _modify_metadata


class Anomalies:
    """Cost Explorer's monitors or subscriptions: made, listed by ARN, deleted.

    Attributes:
        kind: ``Monitor`` or ``Subscription``, as the API's words spell it.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def _store(self, response: CostExplorerResponse) -> Store:
        backend = response.ce_backend
        if not hasattr(backend, "anomalies"):
            backend.anomalies = {"Monitor": {}, "Subscription": {}}
        store: Store = backend.anomalies[self.kind]
        return store

    def create(self, response: CostExplorerResponse) -> ActionResult:
        """Keep what is asked for under a new ARN, its tags in moto's own place for tags."""
        arn_name = f"{self.kind}Arn"
        account = response.current_account
        arn = f"arn:aws:ce::{account}:anomaly{self.kind.lower()}/{uuid.uuid4()}"
        wanted = response._get_param(f"Anomaly{self.kind}")
        self._store(response)[arn] = {"AccountId": account, **wanted, arn_name: arn}
        tags = response._get_param("ResourceTags") or []
        response.ce_backend.tag_resource(arn, tags)
        return ActionResult({arn_name: arn})

    def get(self, response: CostExplorerResponse) -> ActionResult:
        """Answer those whose ARNs are asked for, or all."""
        store = self._store(response)
        arns = response._get_param(f"{self.kind}ArnList") or list(store)
        if missing := [arn for arn in arns if arn not in store]:
            raise JsonRESTError(f"Unknown{self.kind}Exception", f"Unknown: {missing}")
        return ActionResult({f"Anomaly{self.kind}s": [store[arn] for arn in arns]})

    def delete(self, response: CostExplorerResponse) -> ActionResult:
        """Forget one."""
        self._store(response).pop(response._get_param(f"{self.kind}Arn"), None)
        return ActionResult({})


for _kind in ("Monitor", "Subscription"):
    _anomalies = Anomalies(_kind)
    for _verb, _call in (("create", _anomalies.create), ("delete", _anomalies.delete)):
        _name = f"{_verb}_anomaly_{_kind.lower()}"
        setattr(CostExplorerResponse, _name, lambda response, call=_call: call(response))
    _name = f"get_anomaly_{_kind.lower()}s"
    setattr(CostExplorerResponse, _name, lambda response, call=_anomalies.get: call(response))
