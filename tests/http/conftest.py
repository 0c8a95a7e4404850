"""The application in process, and real servers as processes of their own."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from graphql_api.app import create_app
from graphql_api.database.engine import open_engines
from graphql_api.database.schema import migrate
from graphql_api.settings import Settings
from tests.http.running import RunningServer

ROOT = Path(__file__).parents[2]

Opened = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
Started = Callable[..., RunningServer]


@pytest.fixture(scope="session")
async def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the schema and nothing else, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "ledger.sqlite3"
    engines = open_engines(f"sqlite+aiosqlite:///{path}")
    await migrate(engines.write)
    await engines.dispose()
    return path


@pytest.fixture
def sqlite_url(migrated: Path, tmp_path: Path) -> str:
    """The URL of a database that only this test uses, with the schema."""
    path = tmp_path / "ledger.sqlite3"
    shutil.copyfile(migrated, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def opened(sqlite_url: str) -> Opened:
    """Opens the application with the given settings and more routes, and gives a client of it."""

    @asynccontextmanager
    async def open_(*routes: BaseRoute, **values: object) -> AsyncIterator[httpx.AsyncClient]:
        settings = Settings.model_validate({"database_url": SecretStr(sqlite_url), **values})
        app = create_app(settings)
        app.router.routes[:0] = routes
        async with app.router.lifespan_context(app) as state:

            async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
                await app({**scope, "state": dict(state or {})}, receive, send)

            transport = httpx.ASGITransport(with_state)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                yield client

    return open_


@pytest.fixture
async def client(opened: Opened) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application with its default settings."""
    async with opened() as found:
        yield found


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """Starts real servers on free ports; what still runs at the end is stopped."""
    servers: list[RunningServer] = []

    def start(**environment: str) -> RunningServer:
        names = {f"EXPENSE_{name.upper()}": value for name, value in environment.items()}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("EXPENSE_")}
        server = RunningServer(
            [sys.executable, "-m", "tests.http.writing"],
            log=tmp_path / f"server-{len(servers)}.log",
            environment={**inherited, "EXPENSE_PORT": "0", **names},
            directory=ROOT,
        )
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.process.stop()
