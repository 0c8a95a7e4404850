"""What every test can use."""

from pathlib import Path

import pytest

pytest_plugins = [
    "tests.hypotheses",
    "tests.database.plugin",
    "pytester",
    "tests.servers.outcomes",
    "tests.servers.plugin",
]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the infrastructure out unless it is asked for: it needs tools that take minutes to build."""
    apart = config.rootpath / "tests" / "infrastructure"
    asked = any(Path(argument.partition("::")[0]).resolve().is_relative_to(apart) for argument in config.args)
    return True if collection_path == apart and not asked else None


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop that asynchronous tests and fixtures of any scope run on."""
    return "asyncio"
