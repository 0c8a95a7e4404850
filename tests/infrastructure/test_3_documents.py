"""The pages that are made from the plans say what the plans say."""

import subprocess
import sys

import pytest

from tests.infrastructure import programs
from tests.infrastructure.conftest import PLANS
from tests.infrastructure.layout import Plan


@pytest.mark.parametrize("tool", ["cost.py", "resource_types.py"])
def test_a_page_made_from_the_plans_is_up_to_date(plans: dict[str, Plan], tool: str) -> None:
    assert plans
    program = [sys.executable, f"tools/{tool}", "check", str(PLANS)]
    done = subprocess.run(program, cwd=programs.ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert done.returncode == 0, done.stdout + done.stderr
