"""The reference clients and audits, unmodified, against the real server."""

from pathlib import Path

import pytest

from tests.graphql.node import run_client
from tests.http.conftest import Started, started

__all__ = ["started"]

CLIENTS = ("graphql-ws", "graphql-sse", "urql", "urql-sse", "apollo")
STEPS = ["query", "mutation", "userErrors", "errors", "subscription", "resumed", "cancelled"]


@pytest.fixture
def server(started: Started, tmp_path: Path) -> str:
    """The address of a server with a database of its own."""
    return started(database_url=f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3").address()


def test_the_audits_of_graphql_over_http_find_nothing(server: str) -> None:
    found = run_client("audits.mjs", f"{server}/graphql")
    assert [one for one in found if one["status"] != "ok"] == []
    assert len(found) == 61


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_asks_writes_listens_comes_back_and_lets_go(server: str, client: str) -> None:
    assert [one["step"] for one in run_client(f"{client}.mjs", server)] == STEPS
