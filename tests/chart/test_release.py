"""A release's values are made of the units' outputs, and the chart takes them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chart.conftest import CHART, ENVIRONMENTS, ROOT

Outputs = dict[str, dict[str, Any]]

IMAGE = f"111111111111.dkr.ecr.us-east-1.amazonaws.com/expense-account/api@sha256:{'0' * 64}"


@pytest.fixture
def outputs() -> Outputs:
    """What the units put out, by unit."""
    given: dict[str, dict[str, Any]] = {
        "edge": {
            "domain_name": "dev.nonprod.expense.example.com",
            "certificate_arn": "arn:aws:acm:us-east-1:111111111111:certificate/1",
            "web_acl_arn": "arn:aws:wafv2:us-east-1:111111111111:regional/webacl/a/1",
            "security_group_id": "sg-1",
            "access_log_bucket_name": "expense-dev-logs",
        },
        "secrets": {
            "secret_names": {"database-url": "expense-dev/database-url", "redis-url": "expense-dev/redis-url"},
        },
    }
    return {
        unit: {name: {"value": value, "sensitive": False} for name, value in found.items()}
        for unit, found in given.items()
    }


@pytest.fixture
def made(tmp_path: Path) -> Callable[[Outputs], "subprocess.CompletedProcess[str]"]:
    """Runs the program on outputs."""

    def run(outputs: Outputs) -> "subprocess.CompletedProcess[str]":
        for unit, found in outputs.items():
            (tmp_path / f"{unit}.json").write_text(json.dumps(found))
        program = [sys.executable, "tools/release_values.py", IMAGE, str(tmp_path)]
        return subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own

    return run


def test_each_output_is_one_that_its_module_has(outputs: Outputs) -> None:
    for unit, found in outputs.items():
        module = (ROOT / "modules" / unit / "outputs.tf").read_text()
        for name in found:
            assert f'output "{name}"' in module
    named = (ROOT / "live" / "_env" / "defaults.hcl").read_text()
    for name in outputs["secrets"]["secret_names"]["value"]:
        assert f"      {name} = {{" in named


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_chart_takes_the_values(
    helm_program: str,
    made: Callable[[Outputs], "subprocess.CompletedProcess[str]"],
    outputs: Outputs,
    tmp_path: Path,
    environment: str,
) -> None:
    done = made(outputs)
    assert done.returncode == 0, done.stderr
    (tmp_path / "values.json").write_text(done.stdout)
    files = [CHART / f"values-{environment}.yaml", tmp_path / "values.json"]
    command = [helm_program, "template", "expense", CHART, *(word for file in files for word in ("--values", file))]
    rendered = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - built by us
    assert rendered.returncode == 0, rendered.stderr
    documents = [document for document in yaml.safe_load_all(rendered.stdout) if document]
    (deployment,) = [one for one in documents if one["kind"] == "Deployment"]
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == IMAGE
    (ingress,) = [one for one in documents if one["kind"] == "Ingress"]
    assert ingress["metadata"]["annotations"]["alb.ingress.kubernetes.io/security-groups"] == "sg-1"
    asked = {
        entry["remoteRef"]["key"]
        for one in documents
        if one["kind"] == "ExternalSecret"
        for entry in one["spec"]["data"]
    }
    assert asked == {"expense-dev/database-url", "expense-dev/redis-url"}


def test_a_unit_that_was_never_applied_is_named(
    made: Callable[[Outputs], "subprocess.CompletedProcess[str]"], outputs: Outputs
) -> None:
    outputs["edge"]["domain_name"]["value"] = ""
    done = made(outputs)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the output domain_name is empty" in done.stderr
