"""Each environment is made, and planned again to no change, by both versions of Terragrunt."""

import re
from typing import Any

import pytest

from tests.infrastructure.conftest import ENVIRONMENTS
from tests.infrastructure.layout import Layout, Plan, changes


def _drift(plans: dict[str, Plan]) -> dict[str, list[Any]]:
    return {unit: found for unit, plan in plans.items() if (found := [*changes(plan)])}


def test_every_unit_is_applied_by_one_run(layout: Layout, applied: Layout, plans: dict[str, Plan]) -> None:
    assert applied is layout
    assert sorted(plans) == layout.units()


@pytest.mark.parametrize("environment", [*ENVIRONMENTS, "nonprod/us-east-1/account", "prod/us-east-1/account"])
def test_the_second_plan_changes_nothing(plans: dict[str, Plan], environment: str) -> None:
    own = {unit: plan for unit, plan in plans.items() if unit.startswith(environment)}
    assert len(own) >= 8
    assert _drift(own) == {}


def test_the_last_version_with_run_all_plans_no_change_from_the_same_state(
    applied: Layout, plans: dict[str, Plan]
) -> None:
    """Of prod and its account's own units, which that version also destroys in the end."""
    legacy = applied.plan(paths=("prod",), legacy=True)
    assert sorted(legacy) == sorted(unit for unit in plans if unit.startswith("prod/"))
    assert _drift(legacy) == {}


def test_states_are_encrypted_versioned_and_apart(applied: Layout, plans: dict[str, Plan]) -> None:
    """Each unit has its own state below its path, in the bucket of its account and region."""
    backends = re.findall(
        r'bucket\s*=\s*"([^"]+)"|key\s*=\s*"([^"]+)"',
        "".join(file.read_text() for file in applied.live.rglob("backend.tf")),
    )
    buckets = {bucket for bucket, _ in backends if bucket}
    keys = [key for _, key in backends if key]
    project = applied.setting("project")
    assert buckets == {f"{project}-state-{number}-us-east-1" for number in applied.account_ids().values()}
    assert sorted(set(keys)) == sorted(f"live/{unit}/terraform.tfstate" for unit in plans)


def test_a_provider_is_bound_to_its_account(applied: Layout) -> None:
    """Terraform itself refuses any other account's credentials."""
    for name, number in applied.account_ids().items():
        providers = [file.read_text() for file in (applied.live / name).rglob("provider.tf")]
        assert providers
        assert all(f'allowed_account_ids = ["{number}"]' in text for text in providers)
