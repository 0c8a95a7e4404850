"""The application with its doors, in process on each engine, and as a server."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from graphql_api.app import create_app
from graphql_api.settings import Settings
from tests.database.prepared import migrated
from tests.rest.service import Service, running
from tests.servers.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send


@asynccontextmanager
async def application(database_url: str, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application in this process; what nobody foresaw is raised here."""
    app = create_app(Settings(database_url=SecretStr(database_url), **settings))
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        transport = httpx.ASGITransport(with_state)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{LOOPBACK}") as client:
            yield client


@pytest.fixture
async def client(prepared_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client on each of the engines."""
    async with application(prepared_url) as found:
        yield found


@pytest.fixture(scope="session")
async def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of SQLite with the schema and nothing else."""
    path = tmp_path_factory.mktemp("template") / "ledger.sqlite3"
    await migrated(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
async def local(empty_file: Path, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client on SQLite, for what no engine has a part in."""
    path = shutil.copy(empty_file, tmp_path / "ledger.sqlite3")
    async with application(f"sqlite+aiosqlite:///{path}") as found:
        yield found


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server of its own process that takes short bodies, and waits for them two seconds."""
    limits = {"EXPENSE_MAX_BODY_BYTES": "65536", "EXPENSE_BODY_TIMEOUT": "2"}
    with running(tmp_path_factory.mktemp("service"), limits) as found:
        yield found
