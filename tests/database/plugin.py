"""The ledger's database as fixtures: migrated once for each engine and driver, with a fresh ledger for each test."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from graphql_api.budgets.store import BUDGET
from graphql_api.categories.store import CATEGORY
from graphql_api.database.database import Database
from graphql_api.ledgers.model import Ledger
from graphql_api.members.store import MEMBER
from graphql_api.tags.store import TAG
from graphql_api.transactions.store import TRANSACTION
from tests.database.prepared import Prepared, migrated
from tests.servers.memory import memory_folder
from tests.servers.variants import Variant, fresh_database

KINDS = (TRANSACTION, CATEGORY, TAG, BUDGET, MEMBER)


@dataclass
class Commits:
    """An observer that notes what it is told: (ledger, version, writes, steps) of each commit."""

    noted: list[tuple[int, int, int, int]] = field(default_factory=list)
    retries: int = 0

    def committed(self, ledger_id: int, version: int, writes: int, steps: int) -> None:
        """Note a commit."""
        self.noted.append((ledger_id, version, writes, steps))

    def retried(self) -> None:
        """Count a retry."""
        self.retries += 1


class Statements:
    """The SQL that an engine sends while the block runs, one entry for each that goes to the driver's cursor."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.sync_engine
        self.sent: list[str] = []
        self.parameter_sets: list[int] = []

    def __enter__(self) -> Self:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, *told: Any) -> None:
        _, _, statement, parameters, _, many = told
        if statement.startswith("BEGIN"):  # sent by our SQLite engine, and unseen on the others
            return
        self.sent.append(statement)
        self.parameter_sets.append(len(parameters) if many else 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what breaks connections where there are none: SQLite is a file."""
    items[:] = [
        item for item in items if not ("proxy" in getattr(item, "fixturenames", ()) and _variant_of(item) == "sqlite")
    ]


def _variant_of(item: pytest.Item) -> str | None:
    specification = getattr(item, "callspec", None)
    return None if specification is None else specification.params.get("variant")


@pytest.fixture(scope="session")
def migrated_url(variant: Variant) -> Iterator[str]:
    """The address of a database with the ledger's tables, shared by the tests of one engine and driver."""
    with fresh_database(variant, memory_folder()) as url:
        asyncio.run(migrated(url))
        yield url


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Databases with the ledger's tables, for whoever needs several or one without any ledger."""
    return Prepared(tmp_path_factory.mktemp("prepared") / "ledger.sqlite3")


@pytest.fixture
def prepared_url(prepared: Prepared, variant: Variant) -> Iterator[str]:
    """The address of a database with the ledger's tables, no row in them, that only this test uses."""
    with prepared.database(variant) as url:
        yield url


@pytest.fixture
def commits() -> Commits:
    """What the writer of `database` told its observer."""
    return Commits()


@pytest.fixture
async def database(migrated_url: str, commits: Commits) -> AsyncIterator[Database]:
    """A process's database."""
    opened = Database(migrated_url, KINDS, commits, pool_size=4)
    yield opened
    await opened.close()


@pytest.fixture
async def other_database(migrated_url: str) -> AsyncIterator[Database]:
    """The same database as another replica has it."""
    opened = Database(migrated_url, KINDS, Commits(), pool_size=4)
    yield opened
    await opened.close()


@pytest.fixture
async def ledger(database: Database) -> Ledger:
    """A fresh ledger in US dollars."""
    return await database.create_ledger("owner", name="Household", currency="USD")
