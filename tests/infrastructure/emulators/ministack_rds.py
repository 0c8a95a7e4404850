# ruff: noqa: SLF001 - an emulator is mended where it has no public place
# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""RDS: fields that ministack accepts and does not tell again."""

import json
import re
import secrets
from typing import Any

import moto_aws
from ministack.core.responses import get_account_id, get_region
from ministack.services import rds
from patching import Function, replace

Parameters = dict[str, Any]
OK = 200
Response = tuple[int, dict[str, str], str | bytes]


@replace(rds, "_create_db_instance_impl")
def _create_db_instance(original: Function, parameters: Parameters) -> Response:
    response = original(parameters)
    instance = rds._instances.get(rds._p(parameters, "DBInstanceIdentifier"))
    if instance is not None:
        instance["_window"] = rds._p(parameters, "PreferredBackupWindow")
        instance["_support"] = rds._p(parameters, "EngineLifecycleSupport")
        instance["_insights_key"] = rds._p(parameters, "PerformanceInsightsKMSKeyId")
        if rds._p(parameters, "ManageMasterUserPassword") == "true":
            instance["_secret"] = _make_secret(instance, rds._p(parameters, "MasterUserSecretKmsKeyId"))
        instance["_logs"] = rds._parse_member_list(parameters, "EnableCloudwatchLogsExports")
    return response


def _secrets_manager() -> Any:
    return moto_aws.client("secretsmanager", get_account_id(), get_region())


def _make_secret(instance: dict[str, Any], key: str) -> dict[str, str]:
    """Make the administrator's secret as RDS does: in the account's Secrets Manager, which is moto's."""
    password = {"username": instance["MasterUsername"], "password": secrets.token_urlsafe(24)}
    made = _secrets_manager().create_secret(
        Name=f"rds!{instance['DbiResourceId'].lower()}",
        SecretString=json.dumps(password),
        KmsKeyId=key or "alias/aws/secretsmanager",
    )
    return {"arn": made["ARN"], "key": key}


@replace(rds, "_delete_db_instance")
def _delete_db_instance(original: Function, parameters: Parameters) -> Response:
    instance = rds._instances.get(rds._p(parameters, "DBInstanceIdentifier")) or {}
    response = original(parameters)
    if (secret := instance.get("_secret")) and response[0] == OK:
        _secrets_manager().delete_secret(SecretId=secret["arn"], ForceDeleteWithoutRecovery=True)
    return response


@replace(rds, "_instance_xml")
def _instance_xml(original: Function, instance: dict[str, Any]) -> str:
    text = original(instance)
    if window := instance.get("_window"):
        element = "PreferredBackupWindow"
        text = re.sub(rf"<{element}>.*?</{element}>", f"<{element}>{window}</{element}>", text)
    if secret := instance.get("_secret"):
        text += (
            f"<MasterUserSecret><SecretArn>{secret['arn']}</SecretArn><SecretStatus>active</SecretStatus>"
            f"<KmsKeyId>{secret['key']}</KmsKeyId></MasterUserSecret>"
        )
    if support := instance.get("_support"):
        text += f"<EngineLifecycleSupport>{support}</EngineLifecycleSupport>"
    if key := instance.get("_insights_key"):
        text += f"<PerformanceInsightsKMSKeyId>{key}</PerformanceInsightsKMSKeyId>"
    if logs := instance.get("_logs"):
        members = "".join(f"<member>{log}</member>" for log in logs)
        element = "EnabledCloudwatchLogsExports"
        text = text.replace(f"<{element}/>", f"<{element}>{members}</{element}>")
    return text
