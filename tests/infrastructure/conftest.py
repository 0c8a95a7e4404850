"""What the proofs share: the emulators, a copy of the layout, and what applying it has made."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infrastructure import programs
from tests.infrastructure.emulation import Emulation, emulated_aws
from tests.infrastructure.layout import Layout, Plan
from tests.named import ignored_unless_named

HERE = Path(__file__).parent
PLANS = programs.ROOT / ".cache" / "plans"
ENVIRONMENTS = ("nonprod/us-east-1/dev", "nonprod/us-east-1/staging", "prod/us-east-1/prod")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave these proofs out of a run that does not name them: they take a quarter of an hour."""
    return ignored_unless_named(HERE, collection_path, config)


@pytest.fixture(scope="session")
def emulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulation]:
    """The emulators, empty."""
    with emulated_aws(tmp_path_factory.mktemp("emulators")) as running:
        yield running


@pytest.fixture(scope="session")
def layout(tmp_path_factory: pytest.TempPathFactory, emulation: Emulation) -> Layout:
    """A copy of live/ and modules/, nothing of it applied."""
    return Layout(tmp_path_factory.mktemp("layout"), emulation)


@pytest.fixture(scope="session")
def applied(layout: Layout) -> Layout:
    """The layout, every unit of it applied by one run of the current Terragrunt."""
    layout.run("apply")
    return layout


@pytest.fixture(scope="session")
def plans(applied: Layout) -> dict[str, Plan]:
    """The second plan of every unit, by the unit's path from live/: all values are known in it."""
    found = applied.plan()
    # Kept for make docs-infra, which writes from them what things cost.
    shutil.rmtree(PLANS, ignore_errors=True)
    for unit, plan in found.items():
        file = PLANS / f"{unit}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(plan))
    return found
