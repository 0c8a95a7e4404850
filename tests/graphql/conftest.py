"""An application on each database, and a ledger of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from graphql_api.app import create_app
from graphql_api.database.schema import HEAD, current_revision, migrate
from graphql_api.settings import Settings
from graphql_api.stores import open_database
from tests.graphql.api import Api
from tests.servers.memory import memory_folder
from tests.servers.variants import Variant, fresh_database

if TYPE_CHECKING:
    from pydantic import SecretStr


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application with its lifespan."""
    app = create_app(settings)
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            scope["state"] = dict(state or {})
            await app(scope, receive, send)

        transport = httpx.ASGITransport(with_state)
        # a query by GET must name what it takes
        accept = {"accept": "application/json, */*"}
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=accept) as client:
            yield client


async def migrated(url: str, **others: Any) -> Settings:
    """Settings with a database that has its schema; an empty one gets it."""
    settings = Settings(database_url=secret(url), **others)
    database = open_database(settings)
    if await current_revision(database.engines.read) != HEAD:
        await migrate(database.engines.write)
    await database.close()
    return settings


def secret(text: str) -> SecretStr:
    """A setting that is not shown."""
    return Settings(database_url=text).database_url


@pytest.fixture(scope="session")
async def http(variant: Variant) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application on the database, shared by the session."""
    with fresh_database(variant, memory_folder()) as url:
        async with serving(await migrated(url)) as client:
            yield client


@pytest.fixture
async def api(http: httpx.AsyncClient) -> Api:
    """A client with a new ledger."""
    client = Api(http)
    query = 'mutation { createLedger(input: {name: "Test", currency: "USD"}) { ledger { id } userErrors { code } } }'
    client.ledger = (await client.data(query))["createLedger"]["ledger"]["id"]
    return client
