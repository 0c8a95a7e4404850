"""The image as `make image` built it, and a service that runs from it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.http.running import RunningServer
from tests.named import ignored_unless_named
from tests.servers.ports import free_port

HERE = Path(__file__).parent
TOOL = HERE.parents[1] / "tools" / "image"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave these out of a run that does not name them: the image takes minutes to build."""
    return ignored_unless_named(HERE, collection_path, config)


def told(action: str) -> str:
    """What the tool prints."""
    done = subprocess.run([TOOL, action], check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own script
    return done.stdout.strip()


@pytest.fixture(scope="session")
def root() -> Path:
    """The image's file system."""
    return Path(told("root"))


@pytest.fixture(scope="session")
def configuration() -> dict[str, Any]:
    """What the image says of how it is to be run."""
    found: dict[str, Any] = json.loads(told("config"))
    return found


@pytest.fixture
def port() -> int:
    """Where the service is to listen."""
    return free_port()


@pytest.fixture
def service(root: Path, port: int, tmp_path: Path) -> Iterator[RunningServer]:
    """The image's own command, with nothing set but the port."""
    assert root.is_dir()
    command = [str(TOOL), "run", f"EXPENSE_PORT={port}"]
    running = RunningServer(
        command, log=tmp_path / "log", environment={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, directory=tmp_path
    )
    with running.process:
        running.address()
        yield running
