"""Suites that run only when they are named, because they take minutes or need much."""

from pathlib import Path

import pytest


def ignored_unless_named(folder: Path, path: Path, config: pytest.Config) -> bool | None:
    """What `pytest_ignore_collect` of a folder's conftest answers for a path in it."""
    named = [Path(config.invocation_params.dir, argument.split("::")[0]) for argument in config.args]
    inside = [one for one in named if one.resolve().is_relative_to(folder)]
    return None if inside or path.name == "conftest.py" else True
