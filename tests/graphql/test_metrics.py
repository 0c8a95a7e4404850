"""What metrics and the log tell of GraphQL operations."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from graphql_api.telemetry.operations import OTHER, UNNAMED, OperationNames
from tests.graphql.conftest import migrated, serving

pytestmark = pytest.mark.anyio

QUERY = "query Names { ledger { name } }"
BROKEN = 'mutation Broken { createTag(input: {name: ""}) { ledgerVersion userErrors { code } } }'


def counted(operation: str, kind: str, outcome: str) -> float:
    """How many such operations ended."""
    labels = {"operation": operation, "type": kind, "outcome": outcome}
    return REGISTRY.get_sample_value("graphql_operations_total", labels) or 0.0


def timed(operation: str, kind: str) -> float:
    """How many such operations have a duration."""
    labels = {"operation": operation, "type": kind}
    return REGISTRY.get_sample_value("graphql_operation_duration_seconds_count", labels) or 0.0


def erred(code: str) -> float:
    """How many errors had the code."""
    return REGISTRY.get_sample_value("graphql_errors_total", {"code": code}) or 0.0


async def asked(client: httpx.AsyncClient, query: str, **parameters: Any) -> httpx.Response:
    """An answer."""
    return await client.post("/graphql", json={"query": query, **parameters})


async def url(folder: Path) -> str:
    """Of a database on SQLite."""
    return f"sqlite+aiosqlite:///{folder}/ledger.sqlite3"


async def test_a_named_operation_is_counted_and_timed_by_its_name(tmp_path: Path) -> None:
    async with serving(await migrated(await url(tmp_path))) as client:
        before = counted("Names", "query", "ok"), timed("Names", "query"), counted(UNNAMED, "query", "ok")
        # the second comes from the cache, and is an operation all the same
        for _ in range(2):
            assert (await asked(client, QUERY)).status_code == 200
        assert (await asked(client, "{ ledger { name } }")).status_code == 200
        after = counted("Names", "query", "ok"), timed("Names", "query"), counted(UNNAMED, "query", "ok")
        assert [new - old for old, new in zip(before, after, strict=True)] == [2, 2, 1]


async def test_of_a_document_the_operation_that_runs_gives_the_name(tmp_path: Path) -> None:
    async with serving(await migrated(await url(tmp_path))) as client:
        before = counted("Second", "query", "ok")
        both = "query First { ledger { id } } query Second { ledger { name } }"
        assert (await asked(client, both, operationName="Second")).status_code == 200
        assert counted("Second", "query", "ok") == before + 1


async def test_errors_are_an_outcome_and_counted_by_code(tmp_path: Path) -> None:
    async with serving(await migrated(await url(tmp_path))) as client:
        before = counted("Lost", "query", "errors"), erred("NOT_FOUND")
        await asked(client, 'query Lost { ledger(id: "TGVkZ2VyOjk5OQ") { name } }')
        assert (counted("Lost", "query", "errors"), erred("NOT_FOUND")) == (before[0] + 1, before[1] + 1)


async def test_what_cannot_run_is_refused_without_a_name(tmp_path: Path) -> None:
    async with serving(await migrated(await url(tmp_path))) as client:
        before = counted(UNNAMED, "unknown", "refused"), erred("GRAPHQL_VALIDATION_FAILED")
        await asked(client, "query Wrong { nothing }")
        assert counted(UNNAMED, "unknown", "refused") == before[0] + 1
        assert erred("GRAPHQL_VALIDATION_FAILED") == before[1] + 1
        assert counted("Wrong", "query", "refused") == 0


async def test_names_beyond_the_most_are_counted_together(tmp_path: Path) -> None:
    async with serving(await migrated(await url(tmp_path), metrics_operations=2)) as client:
        before = counted(OTHER, "query", "ok")
        for number in range(5):
            await asked(client, f"query Many{number} {{ ledger {{ name }} }}")
        await asked(client, "query Many1 { ledger { name } }")
        assert counted(OTHER, "query", "ok") == before + 3
        assert [counted(f"Many{number}", "query", "ok") for number in range(5)] == [1, 2, 0, 0, 0]


async def test_trusted_documents_alone_have_names(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"a": "query Trusted { ledger { name } }"}))
    names = {"trusted_documents": manifest, "trusted_documents_only": True}
    async with serving(await migrated(await url(tmp_path), **names)) as client:
        before = counted("Trusted", "query", "ok")
        await client.post("/graphql", json={"documentId": "a"})
        assert counted("Trusted", "query", "ok") == before + 1


def test_known_names_leave_no_room_for_others() -> None:
    names = OperationNames(2, ["A", "B", "C"])
    assert [names.label(name) for name in ("A", "B", "C", "D", None)] == ["A", "B", OTHER, OTHER, UNNAMED]


async def test_the_log_has_the_operation(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(await migrated(await url(tmp_path))) as client:
        with caplog.at_level(logging.INFO, "graphql_api.http"):
            await asked(client, QUERY)
    (line,) = [record for record in caplog.records if record.name == "graphql_api.http"]
    assert (line.__dict__["operation"], line.__dict__["operation_type"]) == ("Names", "query")
