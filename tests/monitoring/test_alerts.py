"""Every alert fires when it should and not when it should not, by a real promtool, and has its page to turn to."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.monitoring.cases import CASES, Series
from tests.servers.programs import program

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "helm" / "files" / "rules").glob("*.yaml"))
DAY = 24 * 60
PAGE = ROOT / "docs" / "operations.md"


def alerts() -> list[dict[str, Any]]:
    """Every alert as it is written."""
    groups = [group for file in RULES for group in yaml.safe_load(file.read_text())["groups"]]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


def promtool(*words: str) -> None:
    """Run it; it must find nothing wrong."""
    done = subprocess.run([program("promtool"), *words], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_are_as_prometheus_wants_them() -> None:
    promtool("check", "rules", "--lint=all", "--lint-fatal", *map(str, RULES))


def expectation(series: Series, alert: str, at: int, count: int) -> dict[str, Any]:
    """A test of promtool: how many alerts of a name fire after some minutes."""
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {
                "expr": f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) or vector(0)',
                "eval_time": f"{at}m",
                "exp_samples": [{"labels": "{}", "value": count}],
            }
        ],
    }


@pytest.mark.parametrize("firing", [True, False], ids=["firing", "not firing"])
def test_alerts_fire_when_they_should_alone(tmp_path: Path, *, firing: bool) -> None:
    # where nothing is known of the service it is down, which is for that alert alone to tell
    tests = [
        expectation(case.firing if firing else case.quiet, case.alert, case.at, case.count if firing else 0)
        for case in CASES
    ]
    # windows of days need not be looked at each minute, but within the five for which Prometheus takes a sample as new
    of_days = [test for test, case in zip(tests, CASES, strict=True) if case.at > DAY]
    of_hours = [test for test, case in zip(tests, CASES, strict=True) if case.at <= DAY]
    for every, found in (("4m", of_days), ("1m", of_hours)):
        file = tmp_path / f"{every}.yaml"
        rules = {"rule_files": [str(path) for path in RULES], "evaluation_interval": every}
        file.write_text(yaml.safe_dump({**rules, "tests": found}))
        promtool("test", "rules", str(file))


def test_every_alert_is_tested() -> None:
    assert {rule["alert"] for rule in alerts()} == {case.alert for case in CASES}


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    headings = {heading.lower() for heading in re.findall(r"^### (Expense\w+)$", PAGE.read_text(), re.MULTILINE)}
    links = {rule["annotations"]["runbook_url"] for rule in alerts()}
    assert links == {f"docs/operations.md#{heading}" for heading in headings}


def test_an_alert_says_how_urgent_it_is() -> None:
    for rule in alerts():
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        assert rule["annotations"]["summary"].endswith((".", "?")), rule["alert"]
