"""The composition root: the one file that knows all parts."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from graphql_api.budgets.store import BUDGET
from graphql_api.categories.store import CATEGORY
from graphql_api.database.database import Database
from graphql_api.database.schema import check_revision
from graphql_api.database.shelf import ensure_default_ledger
from graphql_api.http.graphql import GraphQLDoor
from graphql_api.ledgers.principal import LOCAL
from graphql_api.tags.store import TAG
from graphql_api.telemetry.metrics import WriteMetrics
from graphql_api.transactions.store import TRANSACTION

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graphql_api.database.writer import Observer
    from graphql_api.http.state import State
    from graphql_api.settings import Settings

KINDS = (TRANSACTION, CATEGORY, TAG, BUDGET)


def open_database(settings: Settings, observer: Observer | None = None) -> Database:
    """The database that the settings name; nothing connects yet."""
    return Database(
        settings.database_url.get_secret_value(),
        KINDS,
        observer or WriteMetrics(),
        pool_size=settings.database_pool_size,
        pool_timeout=settings.database_pool_timeout,
    )


def create_app(settings: Settings) -> Starlette:
    """The service as an ASGI application."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[State]:
        database = open_database(settings)
        try:
            await check_revision(database.engines.read)
            await ensure_default_ledger(database.engines.write, LOCAL.subject, settings.currency)
            yield {"settings": settings, "database": database}
        finally:
            await database.close()

    return Starlette(routes=GraphQLDoor(settings).routes(), lifespan=lifespan)
