"""The commands, their exit codes, and what they say to whom."""

import json
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

import graphql_api
from tests.cli.support import DATA, SECONDS, Shell

PROCUREMENT = str(DATA / "procurement-2017.csv")


def test_the_version_is_the_packages(shell: Shell) -> None:
    ended = shell.run("--version")
    assert (ended.code, ended.out.strip()) == (0, graphql_api.__version__)


def test_help_names_every_command_and_imports_nothing_heavy(shell: Shell) -> None:
    ended = shell.run("--help")
    for command in (
        "serve",
        "migrate",
        "import",
        "export",
        "demo",
        "schema",
        "doctor",
        "ledgers",
        "profiles",
        "tokens",
    ):
        assert command in ended.out
    code = "import sys, graphql_api.cli; print([name for name in ('sqlalchemy', 'strawberry') if name in sys.modules])"
    ended_ = subprocess.run(  # noqa: S603  our own program
        [*shell.command()[:1], "-c", code], capture_output=True, check=True, env=shell.environment
    )
    assert ended_.stdout.decode().strip() == "[]"


@pytest.mark.parametrize("words", [["nonsense"], ["import"], ["import", "x.csv", "--on-error", "shrug"]])
def test_wrong_usage_ends_with_2(shell: Shell, words: list[str]) -> None:
    ended = shell.run(*words)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage" in ended.err


def test_an_error_is_one_line_and_no_traceback(shell: Shell) -> None:
    ended = shell.run("import", "none.csv")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "expense: none.csv cannot be read: No such file or directory.\n"
    assert "Traceback" in shell.run("--debug", "import", "none.csv").err


def test_a_wrong_setting_is_named_without_its_value(shell: Shell) -> None:
    ended = shell.run("ledgers", "list", EXPENSE_DATABASE_URL="postgresql://me:secret@host/x")
    assert ended.code == 1
    assert "EXPENSE_DATABASE_URL" in ended.err
    assert "secret" not in ended.err


def test_the_real_file_by_flags_and_profile(shell: Shell) -> None:
    flags = ["--key", "Number", "--key", "Line", "--skip-when", "Cancelled=*"]
    ended = shell.run("import", PROCUREMENT, *flags, "--dry-run", "--json")
    assert (ended.code, ended.json["added"], ended.json["imported"]) == (0, 2724, False)
    assert "Wrote" not in ended.err
    ended = shell.run("import", PROCUREMENT, *flags, "--save-profile", "wvu", "--json")
    assert (ended.json["added"], ended.json["skipped"], ended.json["imported"]) == (2724, 1174, True)
    assert ended.json["totals"] == {"USD": "63946325.58"}
    assert shell.run("profiles", "--json").json["profiles"] == ["wvu"]
    ended = shell.run("import", PROCUREMENT, "--profile", "wvu")
    assert "2,724" in ended.out
    assert "unchanged" in ended.out


def test_refused_rows_are_told_on_standard_error(shell: Shell) -> None:
    text = "Date,Amount\n2026-01-01,1\n2026-02-30,1\n"
    ended = shell.run("import", "-", given=text)
    assert (ended.code, ended.out) == (1, "")
    assert "line 3, Date (2026-02-30)" in ended.err
    assert "Nothing was imported" in ended.err
    ended = shell.run("import", "-", "--json", given=text)
    assert (ended.code, ended.json["refused"], ended.json["imported"]) == (1, 1, False)
    assert ended.json["problems"][0]["line"] == 3
    ended = shell.run("import", "-", "--on-error", "skip", "--json", given=text)
    assert (ended.code, ended.json["added"], ended.json["refused"]) == (0, 1, 1)


def test_an_ambiguous_file_is_asked_about(shell: Shell) -> None:
    ended = shell.run("import", "-", given="Booked date,Value date,Amount\n2026-01-01,2026-01-02,1\n")
    assert ended.code == 1
    assert "--date COLUMN" in ended.err


def test_the_demo_is_there_once_and_spares_other_ledgers(shell: Shell) -> None:
    first = shell.run("demo", "--json").json
    assert first["added"] > 700
    assert {"GBP", "CHF", "JPY", "SEK", "USD"} == set(first["totals"])
    again = shell.run("demo", "--json").json
    assert (again["added"], again["unchanged"], again["version"]) == (0, first["added"], first["version"])
    shell.run("ledgers", "create", "Mine", "--currency", "EUR")
    shell.run("import", "-", "--ledger", "Mine", given="Date,Amount\n2026-01-01,1\n")
    ended = shell.run("demo", "--ledger", "Mine")
    assert ended.code == 1
    assert "holds expenses already" in ended.err


def test_ledgers_are_made_renamed_and_listed(shell: Shell) -> None:
    made = shell.run("ledgers", "create", "Büro 🧾", "--currency", "CHF", "--json").json
    assert (made["name"], made["currency"], made["version"]) == ("Büro 🧾", "CHF", 1)
    renamed = shell.run("ledgers", "rename", made["id"], "Office", "--json").json
    assert (renamed["name"], renamed["version"]) == ("Office", 2)
    assert [ledger["name"] for ledger in shell.run("ledgers", "list", "--json").json] == ["Household", "Office"]
    granted = shell.run("ledgers", "grant", "Office", "anna@example.org", "--role", "owner", "--json").json
    assert granted["member"] == {"subject": "anna@example.org", "role": "owner"}
    assert "anna@example.org is owner of Office" in shell.run("ledgers", "grant", "Office", "anna@example.org").out
    assert "no owner" in shell.run("ledgers", "grant", "Household", "bert", "--role", "viewer").err
    assert shell.run("ledgers", "create", "x", "--currency", "DEM").code == 1
    assert "Household (1)" in shell.run("ledgers", "rename", "none", "x").err


def test_an_export_is_filtered_and_written_whole(shell: Shell) -> None:
    text = "Date,Amount,Category,Tags\n2026-01-01,1,Food/Bread,a\n2026-02-01,-2,Food,\n2026-03-01,3,,b\n"
    shell.run("import", "-", "--category-separator", "/", given=text)
    lines = shell.run("export").out.split("\r\n")
    assert lines[0] == "key,date,amount,currency,merchant,description,category,tags"
    assert len(lines) == 5

    def days(*flags: str) -> list[str]:
        ended = shell.run("export", "--format", "jsonl", *flags)
        assert ended.code == 0
        items = [json.loads(line) for line in ended.out.splitlines()]
        return [item["date"] for item in items if item["type"] == "transaction"]

    assert days("--from", "2026-02-01", "--to", "2026-02-28") == ["2026-02-01"]
    assert days("--category", "food") == ["2026-01-01", "2026-02-01"]
    assert days("--category", "Food/Bread") == ["2026-01-01"]
    assert days("--tag", "a", "--tag", "B") == ["2026-01-01", "2026-03-01"]
    assert days("--currency", "EUR") == []
    assert days("--as-of", "1") == []
    ended = shell.run("export", "-o", "all.jsonl")
    assert "Wrote 3 transactions" in ended.err
    assert (shell.folder / "all.jsonl").read_text().count("\n") == 8
    assert [path.name for path in shell.folder.glob(".*partial")] == []
    for flags in (
        ["--category", "none"],
        ["--tag", "none"],
        ["--from", "2026-02-30"],
        ["--as-of", "x"],
        ["--as-of", "9"],
    ):
        assert shell.run("export", *flags).code == 1


def test_an_export_into_a_pipe_that_closes_is_no_error(shell: Shell) -> None:
    shell.run("demo")
    with subprocess.Popen(  # noqa: S603  our own program
        shell.command("export"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=shell.folder, env=shell.environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(SECONDS) in (0, 1)


def heeds_interrupts() -> None:
    """Let SIGINT do what it does by default."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def is_written(database: Path) -> bool:
    """Whether somebody holds the lock of those who write."""
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.rollback()
        return False


def test_an_interrupted_import_changes_nothing(shell: Shell) -> None:
    shell.run("ledgers", "list")
    path = shell.folder / "large.csv"
    path.write_text("Date,Amount\n" + "2026-01-01,1\n" * 400_000)
    with subprocess.Popen(  # noqa: S603  our own program
        shell.command("import", str(path), "--currency-code", "USD"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=shell.folder,
        env=shell.environment,
        # a shell starts what runs in its background with the signal ignored, and children inherit that
        preexec_fn=heeds_interrupts,  # noqa: PLW1509  no thread of this process holds a lock that it needs
    ) as process:
        deadline = time.monotonic() + SECONDS
        while not is_written(shell.folder / "expense.sqlite3"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert shell.run("ledgers", "list", "--json").json[0]["version"] == 1
