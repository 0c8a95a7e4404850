"""Commands on every engine: migrate, import, doctor."""

from pathlib import Path

import pytest

from graphql_api.database.schema import HEAD
from tests.cli.support import DATA, Shell
from tests.graphql.receiver import receiving
from tests.identity.conftest import provider
from tests.identity.running import AUDIENCE, Provider
from tests.servers.ports import free_port

__all__ = ["provider"]


def checks(shell: Shell, *, code: int, **settings: str) -> dict[str, str]:
    ended = shell.run("doctor", "--json", EXPENSE_PORT=str(free_port()), **settings)
    assert ended.code == code, ended.out
    assert ended.json["ok"] == (code == 0)
    return {check["name"]: check["status"] for check in ended.json["checks"]}


@pytest.mark.each_engine
def test_the_schema_goes_up_and_down(database_shell: Shell) -> None:
    shell = database_shell
    assert shell.run("migrate", "--json").json == {"before": None, "after": HEAD, "changed": True}
    assert shell.run("migrate", "--json").json["changed"] is False
    ended = shell.run("migrate", "--to", "base")
    assert ended.code == 1
    assert "--yes" in ended.err
    assert shell.run("migrate", "--to", "base", "--yes", "--json").json["after"] is None
    assert shell.run("migrate", "--to", "9999").code == 1
    assert shell.run("migrate", "--to", "x").code == 1


@pytest.mark.each_engine
def test_a_statement_is_imported_and_exported(database_shell: Shell) -> None:
    shell = database_shell
    shell.run("migrate")
    statement = str(DATA / "ofx" / "statement-2.ofx")
    assert shell.run("import", statement, "--json").json["added"] == 3
    assert "Café 🍰 & Söhne" in shell.run("export").out


@pytest.mark.each_engine
def test_doctor_finds_a_ready_database_well(database_shell: Shell) -> None:
    shell = database_shell
    shell.run("migrate")
    found = checks(shell, code=0)
    assert set(found.values()) == {"ok"}
    assert {"python", "settings", "database", "driver", "server", "charset", "schema", "writing", "redis"} <= set(found)


def test_doctor_tells_what_is_missing(shell: Shell, tmp_path: Path) -> None:
    assert checks(shell, code=0)["database"] == "ok"
    assert not (tmp_path / "expense.sqlite3").exists()
    closed = f"127.0.0.1:{free_port()}"
    url = f"mysql+aiomysql://me:secret@{closed}/x"
    ended = shell.run("doctor", EXPENSE_DATABASE_URL=url, EXPENSE_PORT=str(free_port()))
    assert ended.code == 1
    assert "secret" not in ended.out
    assert checks(shell, code=1, EXPENSE_DATABASE_URL=url)["database"] == "fail"
    assert checks(shell, code=1, EXPENSE_DATABASE_URL="sqlite+aiosqlite:////nowhere/at/all.db")["disk"] == "fail"
    assert checks(shell, code=1, EXPENSE_WORKERS="many")["settings"] == "fail"
    assert checks(shell, code=0, EXPENSE_WORKER="1")["settings"] == "warn"
    assert checks(shell, code=0, EXPENSE_REDIS_URL=f"redis://{closed}/0")["redis"] == "warn"


def test_doctor_reaches_redis(shell: Shell, redis_url: str) -> None:
    assert checks(shell, code=0, EXPENSE_REDIS_URL=redis_url)["redis"] == "ok"


def test_doctor_reaches_the_receiver_of_traces(shell: Shell) -> None:
    with receiving() as receiver:
        assert checks(shell, code=0, EXPENSE_OTLP_ENDPOINT=receiver.address)["traces"] == "ok"
    assert checks(shell, code=0, EXPENSE_OTLP_ENDPOINT=receiver.address)["traces"] == "warn"
    assert checks(shell, code=1, EXPENSE_OTLP_ENDPOINT="127.0.0.1:4318")["settings"] == "fail"
    assert checks(shell, code=1, EXPENSE_OTLP_ENDPOINT=f"{receiver.address}/v1/traces")["settings"] == "fail"


def test_doctor_asks_the_issuer_for_its_keys(shell: Shell, provider: Provider) -> None:
    given = {"EXPENSE_IDENTITY": "oidc", "EXPENSE_OIDC_ISSUER": provider.issuer, "EXPENSE_OIDC_AUDIENCE": AUDIENCE}
    assert checks(shell, code=0, **given)["identity"] == "ok"
    assert checks(shell, code=0)["identity"] == "ok"
    assert checks(shell, code=1, **given, EXPENSE_OIDC_ALGORITHMS="ES512")["identity"] == "fail"
    away = {**given, "EXPENSE_OIDC_ISSUER": f"http://127.0.0.1:{free_port()}"}
    ended = shell.run("doctor", EXPENSE_PORT=str(free_port()), **away)
    assert ended.code == 1
    assert "EXPENSE_OIDC_ISSUER" in ended.out
    assert "ConnectError" in ended.out
