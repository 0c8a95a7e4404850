"""The reference clients and audits, unmodified, against the real server."""

from pathlib import Path

from tests.graphql.node import run_client
from tests.http.conftest import Started, started

__all__ = ["started"]


def test_the_audits_of_graphql_over_http_find_nothing(started: Started, tmp_path: Path) -> None:
    server = started(database_url=f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3")
    found = run_client("audits.mjs", f"{server.address()}/graphql")
    assert [one for one in found if one["status"] != "ok"] == []
    assert len(found) == 61
