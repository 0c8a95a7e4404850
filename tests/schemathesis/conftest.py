"""The services that generated requests are sent to: one in local mode, and one that knows its callers by their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.cli.support import Shell
from tests.rest.service import Service, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEDGER = "Household"
"""The ledger that a new database begins with."""


@dataclass(frozen=True)
class Caller:
    """Who sends requests where; `headers` say who it is."""

    service: Service
    headers: dict[str, str]


@pytest.fixture(scope="session", params=["local", "token"])
def caller(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """Somebody who need not say who they are, and the owner of a ledger, who does by a token."""
    folder = tmp_path_factory.mktemp("schemathesis")
    if request.param == "local":
        with running(folder) as service:
            yield Caller(service, {})
        return
    headers = {"Authorization": f"Bearer {token(folder)}"}
    with running(folder, {"EXPENSE_IDENTITY": "tokens"}) as service:
        yield Caller(service, headers)


def token(folder: Path) -> str:
    """Of the owner of the ledger in the folder's database, which is made."""
    shell = Shell(folder, {"EXPENSE_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'ledger.sqlite3'}"})
    made = [
        shell.run("ledgers", "list", "--json"),
        shell.run("ledgers", "grant", LEDGER, "alice", "--json"),
        shell.run(
            "tokens", "create", "generated", "--subject", "alice", "--cap", "owner", "--ledger", LEDGER, "--json"
        ),
    ]
    assert [ended.code for ended in made] == [0, 0, 0], [ended.err for ended in made]
    return str(made[-1].json["token"])
