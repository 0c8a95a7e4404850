"""A plan's page tells every change, and no value."""

import json
from pathlib import Path

import pytest

from tools.plan_summary import summary


def plan(folder: Path, unit: str, *changes: tuple[str, list[str]]) -> None:
    """Leave a plan as Terragrunt does."""
    file = folder / unit / "tfplan.json"
    file.parent.mkdir(parents=True)
    rows = [{"address": name, "change": {"actions": done, "after": {"password": "s3cret"}}} for name, done in changes]
    file.write_text(json.dumps({"resource_changes": rows} if rows else {}))


def test_changes_are_told_by_unit_without_values(tmp_path: Path) -> None:
    plan(tmp_path, "rds", ("aws_db_instance.this", ["update"]), ("data.aws_region.this", ["read"]))
    plan(tmp_path, "eks", ("aws_eks_cluster.this", ["delete", "create"]), ("aws_iam_role.this", ["no-op"]))
    page = summary("dev", tmp_path)
    assert page.startswith("### Plan of dev: 2 changes\n")
    assert "| `eks` | **replace** (destroyed first) | `aws_eks_cluster.this` |" in page
    assert "| `rds` | change in place | `aws_db_instance.this` |" in page
    assert "s3cret" not in page
    assert "aws_iam_role" not in page
    assert "aws_region" not in page


def test_no_change_says_so(tmp_path: Path) -> None:
    plan(tmp_path, "rds")
    assert summary("prod", tmp_path) == "### Plan of prod: no changes\n\n1 units planned.\n"


def test_nothing_planned_is_not_no_change(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="no plan"):
        summary("dev", tmp_path)
