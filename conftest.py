"""What every test can use."""

import pytest

pytest_plugins = [
    "tests.hypotheses",
    "tests.database.plugin",
    "pytester",
    "tests.servers.outcomes",
    "tests.servers.plugin",
]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop that asynchronous tests and fixtures of any scope run on."""
    return "asyncio"
