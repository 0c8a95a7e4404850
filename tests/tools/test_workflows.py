"""The workflows do by `make` what can be done here, and are bound to what they were written for."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.account import outputs

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
FILES = [*WORKFLOWS, *sorted(GITHUB.glob("actions/*/action.yml"))]
MADE = "apt-get ", "cat ", "for ", "sudo ", "echo "
"""How the few lines begin that are no target: they install make, or hand a file on to GitHub."""


def steps(file: Path) -> Iterator[dict[str, Any]]:
    """Every step of a workflow's jobs, or of an action."""
    document = yaml.safe_load(file.read_text())
    for part in [*document.get("jobs", {}).values(), document.get("runs", {})]:
        yield from part.get("steps", ())


def jobs(file: Path) -> dict[str, dict[str, Any]]:
    """A workflow's jobs by name."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text())["jobs"]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_run_is_a_target(file: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):(?!=)", "\n".join(path.read_text() for path in makefiles()), re.MULTILINE))
    for step in steps(file):
        for line in step.get("run", "").splitlines():
            asked = re.search(r"\bmake (?:--silent )?([a-z-]+)", line)
            if asked is None:
                assert line.strip().startswith((*MADE, "tools/build ", "done")), line
            else:
                assert "apt-get" in line or asked[1] in targets, line


def makefiles() -> list[Path]:
    """The Makefile and what it includes."""
    return [ROOT / "Makefile", *(ROOT / "tools").glob("*.mk"), *(ROOT / "tools").glob("*/*.mk")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_actions_are_pinned_by_commit(file: Path) -> None:
    for step in steps(file):
        used = step.get("uses", "./")
        assert used.startswith("./") or re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", used), used


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_nothing_is_permitted_but_by_the_job(file: Path) -> None:
    assert yaml.safe_load(file.read_text())["permissions"] == {}
    for name, job in jobs(file).items():
        assert job["permissions"]["contents"] == "read", name
        assert "uses" in job or job["timeout-minutes"] <= 90, name
        if "id-token" in job["permissions"] and "uses" not in job:
            assert job["environment"], f"{name} may get credentials, and no environment says whose"


def test_no_key_of_an_account_is_stored() -> None:
    for file in FILES:
        assert "secrets." not in file.read_text(), file
        assert "aws-access-key-id" not in file.read_text(), file


@pytest.mark.parametrize("account", ["nonprod", "prod"])
def test_roles_and_registries_are_named_as_the_units_name_them(account: str) -> None:
    found = outputs(account, "plan")
    unit = (ROOT / "live" / "_env" / "oidc.hcl").read_text()
    roles = set(re.findall(r"^      (\w+) = \{$", unit, re.MULTILINE)) | {"deploy-"}
    asked = {re.sub(r"deploy-.*", "deploy-", role) for role in roles_asked()}
    assert asked == roles
    assert found["role"].endswith(":role/expense-account-plan")
    assert found["repository"].endswith("/expense-account/api")
    assert found["region"] == "us-east-1"


def roles_asked() -> Iterator[str]:
    """The roles that the workflows assume."""
    for file in WORKFLOWS:
        for step in (step for job in jobs(file).values() for step in job.get("steps", ())):
            if "make --silent account" in step.get("run", ""):
                role = re.search(r"ROLE=(\S+)", step["run"])
                assert role
                yield step["env"]["ROLE"] if "$" in role[1] else role[1]


@pytest.mark.parametrize("file", sorted(GITHUB.glob("workflows/cd-*.yml")), ids=lambda file: file.stem)
def test_a_deployment_goes_to_an_environment_of_its_account(file: Path) -> None:
    given = jobs(file)["release"]["with"]
    assert list((ROOT / "live" / given["account"]).glob(f"*/{given['environment']}/env.hcl"))
    assert (ROOT / "helm" / f"values-{given['environment']}.yaml").exists()


@pytest.mark.parametrize("words", [[], ["nowhere", "plan"], ["nonprod"]])
def test_an_account_that_is_not_there_is_refused(words: list[str]) -> None:
    program = [sys.executable, "tools/account.py", *words]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert done.returncode in (1, 2)
    assert "account" in done.stderr
    assert done.stdout == ""
