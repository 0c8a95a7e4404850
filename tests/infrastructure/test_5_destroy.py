"""Everything can be destroyed, by either version of Terragrunt, and nothing is left but the states."""

import pytest

from tests.infrastructure.emulation import Emulation
from tests.infrastructure.layout import Layout, Plan, RunError

PROD = "prod/us-east-1"


def test_a_protected_database_is_not_destroyed(applied: Layout, plans: dict[str, Plan]) -> None:
    assert plans
    with pytest.raises(RunError, match=r"(?i)deletion ?protection"):
        applied.run("destroy", paths=(f"{PROD}/prod/rds",))


def test_nothing_is_left_but_the_states(applied: Layout, plans: dict[str, Plan], emulation: Emulation) -> None:
    """Prod is unprotected first, as docs/infrastructure.md says; the bucket of the states stays."""
    assert plans
    for environment in ("prod", "account"):
        line = "protected          = "
        applied.replace(f"{PROD}/{environment}/env.hcl", f"{line}true", f"{line}false")
    applied.run("apply", paths=(PROD,))
    applied.run("destroy", paths=("prod",), legacy=True)
    applied.run("destroy")

    left = emulation.holdings(list(applied.account_ids().values()))
    for number in applied.account_ids().values():
        bucket = f"{applied.setting('project')}-state-{number}-us-east-1"
        keys = left[number].pop("kms keys")
        assert len(keys) == 1
        assert left[number] == {
            "kms list_aliases": [f"alias/{bucket}"],
            "s3 list_buckets": [bucket, f"{bucket}-logs"],
        }
