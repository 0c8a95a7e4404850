# ruff: noqa: SLF001 - an emulator is mended where it has no public place
# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""RDS: fields that ministack accepts and does not tell again."""

import re
from typing import Any

from ministack.services import rds
from patching import Function, replace

Parameters = dict[str, Any]
Response = tuple[int, dict[str, str], str | bytes]


@replace(rds, "_create_db_instance_impl")
def _create_db_instance(original: Function, parameters: Parameters) -> Response:
    response = original(parameters)
    instance = rds._instances.get(rds._p(parameters, "DBInstanceIdentifier"))
    if instance is not None:
        instance["_window"] = rds._p(parameters, "PreferredBackupWindow")
        instance["_insights_key"] = rds._p(parameters, "PerformanceInsightsKMSKeyId")
        instance["_logs"] = rds._parse_member_list(parameters, "EnableCloudwatchLogsExports")
    return response


@replace(rds, "_instance_xml")
def _instance_xml(original: Function, instance: dict[str, Any]) -> str:
    text = original(instance)
    if window := instance.get("_window"):
        element = "PreferredBackupWindow"
        text = re.sub(rf"<{element}>.*?</{element}>", f"<{element}>{window}</{element}>", text)
    if key := instance.get("_insights_key"):
        text += f"<PerformanceInsightsKMSKeyId>{key}</PerformanceInsightsKMSKeyId>"
    if logs := instance.get("_logs"):
        members = "".join(f"<member>{log}</member>" for log in logs)
        element = "EnabledCloudwatchLogsExports"
        text = text.replace(f"<{element}/>", f"<{element}>{members}</{element}>")
    return text
