"""The ledger's database with all kinds of content: all that a command needs, and nothing of the doors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.budgets.store import BUDGET
from graphql_api.categories.store import CATEGORY
from graphql_api.database.database import Database
from graphql_api.members.store import MEMBER
from graphql_api.tags.store import TAG
from graphql_api.telemetry.metrics import WriteMetrics
from graphql_api.telemetry.statements import watch
from graphql_api.transactions.metrics import TransactionTally
from graphql_api.transactions.store import TRANSACTION

if TYPE_CHECKING:
    from graphql_api.database.writer import Observer
    from graphql_api.settings import Settings

KINDS = (TRANSACTION, CATEGORY, TAG, BUDGET, MEMBER)


def open_database(
    settings: Settings, observer: Observer | None = None, *, statement_seconds: float | None = None
) -> Database:
    """The database that the settings name; nothing connects yet. `statement_seconds` bounds each read there."""
    database = Database(
        settings.database_url.get_secret_value(),
        KINDS,
        observer or WriteMetrics(),
        pool_size=settings.database_pool_size,
        pool_timeout=settings.database_pool_timeout,
        statement_seconds=statement_seconds,
        tally=TransactionTally,
    )
    watch(database.engines.read.sync_engine, "read")
    watch(database.engines.write.sync_engine, "write")
    return database
