"""Fluent Bit's values agree with the infrastructure, and its alarms with what the service logs. It is not run here."""

import io
import json
import logging
import logging.config
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from graphql_api.telemetry.logs import logging_config
from tests.chart.conftest import CHART, ROOT

VALUES = yaml.safe_load((CHART / "files" / "fluent-bit.yaml").read_text())
OBSERVABILITY = (ROOT / "modules" / "observability" / "variables.tf").read_text()
POD_IDENTITY = ROOT / "modules" / "pod-identity"

Section = dict[str, str]


def sections(part: str) -> list[Section]:
    """The sections of a part of the configuration, keys in lower case as Fluent Bit compares them."""
    found: list[Section] = []
    for line in VALUES["config"][part].splitlines():
        if re.fullmatch(r"\[[A-Z]+\]", line):
            found.append({})
        elif line.strip():
            key, _, value = line.strip().partition(" ")
            assert key.lower() not in found[-1], f"{key} twice"
            found[-1][key.lower()] = value.strip()
    return found


def test_each_line_goes_to_a_group_that_the_infrastructure_keeps() -> None:
    default = re.search(r'variable "log_groups" \{.*?default\s+= \[(.*?)\]', OBSERVABILITY, re.DOTALL)
    assert default is not None
    groups = {f"/${{ENVIRONMENT}}/{name}" for name in json.loads(f"[{default[1]}]")}
    outputs = sections("outputs")
    assert {one["log_group_name"] for one in outputs} == groups
    for one in outputs:
        # a group that Fluent Bit makes would have no retention and no key; its role may make none
        assert one["auto_create_group"] == "Off"
        assert "log_retention_days" not in one
    assert "logs:CreateLogGroup" not in (POD_IDENTITY / "workloads.tf").read_text()


def test_every_tag_has_its_metadata_and_one_output() -> None:
    inputs = {one["tag"]: one for one in sections("inputs")}
    filters = {one["match"]: one for one in sections("filters")}
    assert set(inputs) == set(filters) == {one["match"] for one in sections("outputs")}
    assert inputs["application.*"]["path"] == inputs["cluster.*"]["exclude_path"].split(",")[0]
    assert len({one["db"] for one in inputs.values()}) == len(inputs)
    for tag, one in filters.items():
        # tail puts the file's path in the tag, with dots for slashes
        folder = inputs[tag]["path"].rpartition("/")[0]
        assert one["kube_tag_prefix"] == f"{tag.removesuffix('.*')}{folder.replace('/', '.')}."
        assert (one["merge_log"], one["keep_log"]) == ("On", "Off")
        assert "merge_log_key" not in one  # alarms ask for $.level, not for $.log.level


def test_what_it_asks_of_its_environment_is_given() -> None:
    asked = set(re.findall(r"\$\{(\w+)\}", "".join(VALUES["config"].values())))
    # Kubernetes sets a pod's host name
    assert asked == {one["name"] for one in VALUES["envWithTpl"]} | {"HOSTNAME"}


def test_its_role_is_bound_to_its_account() -> None:
    bound = re.search(r'fluent_bit\s+=.*name = "([\w-]+)" \}\)', (POD_IDENTITY / "variables.tf").read_text())
    assert bound is not None
    assert VALUES["serviceAccount"]["name"] == bound[1]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the service's loggers write, in the form for machines."""
    stream = io.StringIO()
    config = logging_config("debug", "json")
    config["handlers"]["stdout"]["stream"] = stream
    logging.config.dictConfig(config)
    yield stream
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, "root": {"handlers": []}})


def test_the_alarms_count_the_services_own_errors(written: io.StringIO) -> None:
    log = logging.getLogger("graphql_api.http")
    for level in (logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        log.log(level, "told", extra={"status": 200 if level < logging.ERROR else 500})
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    for name in ("errors", "server_errors"):
        assert [_matches(_pattern(name), line) for line in lines] == [False, False, True, True]


def _pattern(name: str) -> str:
    found = re.search(rf'{name}\s+= optional\(string, "((?:[^"\\]|\\.)*)"\)', OBSERVABILITY)
    assert found is not None
    return found[1].replace('\\"', '"')


def _matches(pattern: str, line: dict[str, Any]) -> bool:
    """What CloudWatch answers for a pattern of equalities and bounds joined by ||; text is compared with its case."""
    for term in pattern.strip("{} ").split("||"):
        field, sign, value = term.split()
        found, wanted = line[field.removeprefix("$.")], json.loads(value)
        if found == wanted if sign == "=" else found >= wanted:
            return True
    return False
