"""A change of a size in env.hcl is planned, and made, in place."""

import pytest

from tests.infrastructure.layout import Change, Layout, changes

DEV = "nonprod/us-east-1/dev"


@pytest.mark.parametrize(
    ("unit", "old", "new", "changed"),
    [
        ("eks", "max_size       = 3", "max_size       = 4", 'aws_eks_node_group.this["general"]'),
        ("bastion", 'instance_type = "t3.small"', 'instance_type = "t3.medium"', "aws_instance.this"),
        ("rds", '"db.t3.micro"', '"db.t3.small"', "aws_db_instance.this"),
    ],
)
def test_a_size_is_changed_in_place(applied: Layout, unit: str, old: str, new: str, changed: str) -> None:
    """Nothing but the resource itself changes, and it is not replaced."""
    applied.replace(f"{DEV}/env.hcl", old, new)
    try:
        (plan,) = applied.plan(paths=(f"{DEV}/{unit}",)).values()
        resources = [change for change in changes(plan) if not change.address.startswith("output.")]
        assert resources == [Change(changed, ("update",))]
    finally:
        applied.replace(f"{DEV}/env.hcl", new, old)


def test_a_larger_database_is_there_after_the_apply(applied: Layout) -> None:
    applied.replace(f"{DEV}/env.hcl", '"db.t3.micro"', '"db.t3.small"')
    applied.run("apply", paths=(f"{DEV}/rds",))
    (plan,) = applied.plan(paths=(f"{DEV}/rds",)).values()
    assert changes(plan) == []
