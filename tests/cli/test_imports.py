"""What a command does not load, so that it starts fast: told by Python itself, in module names and not in seconds."""

import subprocess

import pytest

from tests.cli.support import SECONDS, Shell

DOORS = {"graphql", "httpx", "joserfc", "opentelemetry", "redis", "starlette", "strawberry", "uvicorn"}
DATABASE = {"alembic", "pydantic_settings", "sqlalchemy"}
SERVERS = {"aiomysql", "asyncmy", "cryptography", "pymysql"}
ROWS = "Date,Amount\n2026-01-01,1\n"


def _loaded(shell: Shell, *words: str, given: str = "") -> set[str]:
    """The top packages that a command loads."""
    python, *command = shell.command(*words)
    ended = subprocess.run(  # noqa: S603  our own program
        [python, "-X", "importtime", *command],
        input=given.encode(),
        capture_output=True,
        cwd=shell.folder,
        env=shell.environment,
        timeout=SECONDS,
        check=True,
    )
    lines = ended.stderr.decode().splitlines()
    names = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    assert "typer" in names
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["import", "--help"], ["serve", "--help"]])
def test_help_loads_no_database_and_no_door(shell: Shell, words: list[str]) -> None:
    assert _loaded(shell, *words) & (DOORS | DATABASE | SERVERS) == set()


@pytest.mark.parametrize(
    "words",
    [
        ["import", "-"],
        ["export"],
        ["demo", "--json"],
        ["ledgers", "list"],
        ["ledgers", "create", "Office"],
        ["tokens", "list"],
        ["profiles"],
        ["backup", "all.jsonl.gz"],
    ],
    ids=" ".join,
)
def test_a_command_loads_no_door_and_no_other_database(shell: Shell, words: list[str]) -> None:
    shell.run("migrate")
    loaded = _loaded(shell, *words, given=ROWS)
    assert loaded & (DOORS | SERVERS) == set()
    assert "alembic" not in loaded
