"""A backup holds all of a database, and any engine takes it back."""

import asyncio
import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphql_api.database.backup import dump, snapshot
from graphql_api.database.engine import open_engines
from graphql_api.database.schema import HEAD
from tests.cli.support import Shell
from tests.servers.variants import Variant, fresh_database


def lines_of(url: str) -> list[str]:
    async def read() -> list[str]:
        engines = open_engines(url)
        async with snapshot(engines.read) as connection:
            found = [line async for line in dump(connection)]
        await engines.dispose()
        return found

    return asyncio.run(read())


@pytest.fixture
def other(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'other.sqlite3'}"


@pytest.fixture
def third_url(variant: Variant) -> Iterator[str]:
    with fresh_database(variant) as url:
        yield url


@pytest.mark.each_engine
def test_every_engine_takes_back_what_another_wrote(database_shell: Shell, other: str, third_url: str) -> None:
    shell = database_shell
    shell.run("migrate")
    assert shell.run("demo", "--json").code == 0
    wrote = shell.run("backup", "all.jsonl.gz", "--json")
    assert wrote.code == 0, wrote.err
    assert wrote.json["rows"] > 1000
    assert shell.run("restore", "all.jsonl.gz", "--json", EXPENSE_DATABASE_URL=other).json == wrote.json
    assert shell.run("backup", "again.jsonl", EXPENSE_DATABASE_URL=other).code == 0
    assert shell.run("restore", "again.jsonl", EXPENSE_DATABASE_URL=third_url).code == 0
    first = lines_of(shell.settings["EXPENSE_DATABASE_URL"])
    assert gzip.decompress((shell.folder / "all.jsonl.gz").read_bytes()).decode().splitlines() == first
    assert lines_of(other) == first
    assert lines_of(third_url) == first
    assert shell.run("export").out == shell.run("export", EXPENSE_DATABASE_URL=third_url).out


@pytest.fixture(scope="session")
def household(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of demo data and its backup, made once and to be copied."""
    shell = Shell(tmp_path_factory.mktemp("household"), {})
    assert shell.run("demo").code == 0
    assert shell.run("backup", "whole.jsonl").code == 0
    return shell.folder


@pytest.fixture
def backup(shell: Shell, household: Path) -> Path:
    """A backup beside the database that it is of."""
    shutil.copytree(household, shell.folder, dirs_exist_ok=True)
    return shell.folder / "whole.jsonl"


def test_a_database_that_holds_something_is_left_alone(shell: Shell, backup: Path) -> None:
    ended = shell.run("restore", str(backup))
    assert ended.code == 1
    assert "holds ledgers already" in ended.err
    assert backup.read_text().splitlines() == lines_of(f"sqlite+aiosqlite:///{shell.folder / 'expense.sqlite3'}")


def _without_first(lines: list[str], table: str) -> list[str]:
    """The lines without the first row of a table, and without its number at the end."""
    begin = next(number for number, line in enumerate(lines) if line.startswith(f'{{"table":"{table}"'))
    told = json.loads(lines[-1])
    told["rows"][table] -= 1
    return [*lines[: begin + 1], *lines[begin + 2 : -1], json.dumps(told)]


def _first_twice(lines: list[str], table: str) -> list[str]:
    begin = next(number for number, line in enumerate(lines) if line.startswith(f'{{"table":"{table}"')) + 1
    return [*lines[: begin + 1], *lines[begin:]]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda lines: lines[:-1], "cut short"),
        (lambda lines: [*lines[:5], *lines[6:]], "rows are missing"),
        (lambda lines: lines[1:], "line 1: this is not a backup"),
        (lambda lines: [lines[0].replace(HEAD, "9999"), *lines[1:]], "of the schema 9999"),
        (lambda lines: [lines[0], "[1, 2]", *lines[1:]], "Line 2: this is no line"),
        (lambda lines: [lines[0], '{"table": "users", "columns": []}', *lines[1:]], "Line 2"),
        (lambda lines: [*lines[:2], "[1]", *lines[2:]], "Line 3: this is no row of the table"),
        (lambda lines: [*lines[:2], "{", *lines[2:]], "Line 3: this is not JSON"),
        (lambda lines: [*lines[:2], "[" * 100_000, *lines[2:]], "Line 3: this is not JSON"),
        (lambda lines: _without_first(lines, "changes"), "do not lead to their versions"),
        (lambda lines: _first_twice(lines, "changes"), "does not take a row"),
        (lambda _: [], "not a backup"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_damaged_backup_restores_nothing(shell: Shell, backup: Path, other: str, damage: object, words: str) -> None:
    assert callable(damage)
    backup.write_text("".join(f"{line}\n" for line in damage(backup.read_text().splitlines())))
    ended = shell.run("restore", str(backup), EXPENSE_DATABASE_URL=other)
    assert ended.code == 1, ended.out
    assert words.lower() in ended.err.lower()
    assert "Traceback" not in ended.err
    if "9999" not in words and "not a backup" not in words:
        assert all("[" not in line[:1] for line in lines_of(other)), "rows were restored"


def test_a_compressed_backup_that_was_cut_short(shell: Shell, backup: Path, other: str) -> None:
    whole = gzip.compress(backup.read_bytes())
    backup.write_bytes(whole[: len(whole) // 2])
    ended = shell.run("restore", str(backup), EXPENSE_DATABASE_URL=other)
    assert ended.code == 1
    assert "damaged or was cut short" in ended.err


def test_a_file_that_cannot_be_written_or_read(shell: Shell) -> None:
    shell.run("demo")
    for words in (("backup", "no/such/folder"), ("restore", "nothing.jsonl")):
        ended = shell.run(*words)
        assert ended.code == 1
        assert "cannot be" in ended.err
    assert shell.run("backup", "x.jsonl", EXPENSE_DATABASE_URL="sqlite+aiosqlite:///new.sqlite3").code == 1
    assert not (shell.folder / "x.jsonl").exists()
