"""Shells with a database of their own."""

from pathlib import Path

import pytest

from tests.cli.support import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A folder of its own, and so a SQLite database of its own."""
    return Shell(tmp_path, {})


@pytest.fixture
def database_shell(tmp_path: Path, database_url: str) -> Shell:
    """The same with a database of each engine."""
    return Shell(tmp_path, {"EXPENSE_DATABASE_URL": database_url})
