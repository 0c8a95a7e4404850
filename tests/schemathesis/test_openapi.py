"""Requests that schemathesis generates from the OpenAPI document, valid and not, against a running server.

EXPENSE_SCHEMATHESIS_EXAMPLES is how many it makes for an operation and phase; CI makes a few hundred requests in all.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from openapi_spec_validator import validate

from graphql_api.http.openapi import document, document_text

if TYPE_CHECKING:
    from tests.schemathesis.conftest import Caller

ROOT = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("EXPENSE_SCHEMATHESIS_EXAMPLES", "10"))
# the same requests in every run of CI, others with each number of examples that somebody asks for
DETERMINISTIC = () if "EXPENSE_SCHEMATHESIS_EXAMPLES" in os.environ else ("--generation-deterministic",)
SECONDS = 300 + 30 * EXAMPLES


def test_the_document_is_valid_and_committed() -> None:
    validate(document())
    assert (ROOT / "openapi.json").read_text() == document_text(), "run `make schema` and commit openapi.json"


def test_the_server_serves_the_document(caller: Caller) -> None:
    response = httpx.get(f"{caller.service.url}/openapi.json")
    assert response.headers["content-type"] == "application/json"
    assert response.text == document_text()


@pytest.mark.timeout(SECONDS + 60)
def test_generated_requests(caller: Caller, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        f"--config-file={Path(__file__).parent / 'openapi.toml'}",
        "run",
        f"{caller.service.url}/openapi.json",
        f"--max-examples={EXAMPLES}",
        "--continue-on-failure",
        *(f"--header={name}: {value}" for name, value in caller.headers.items()),
        *DETERMINISTIC,
        "--report=json",
        f"--report-json-path={report}",
    ]
    done = subprocess.run(  # noqa: S603  our own arguments
        command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert "Traceback" not in caller.service.log.read_text()
    told: Any = json.loads(report.read_text())
    assert told["complete"]
    operations = {
        f"{method.upper()} {path}"
        for path, item in document()["paths"].items()
        for method in item
        if method != "servers"
    }
    assert operations <= set(re.findall(r"(?:GET|POST|DELETE) /[^\s\"]*", report.read_text()))
