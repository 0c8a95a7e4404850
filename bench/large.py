"""Large ledgers: rows loaded straight into the tables, as the writer would have left them.

What a page and a total read is all there: the present rows with every index, the running sums, the ledger's versions
and last ids. What they do not read is not: change rows, archives and tags. The sums are computed by the database from
the rows, and further writes go through the writer.
"""

import csv
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pymysql
from sqlalchemy import extract, func, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.drafts import DESCRIPTION, MERCHANTS, spread
from graphql_api.database.database import Database
from graphql_api.database.states import live
from graphql_api.database.tables import ledgers, transaction_sums, transactions
from graphql_api.ledgers.text import name_key, search_key

CATEGORIES = 12
"""What a transaction may be filed under: eleven categories, made through the writer first, or none."""

FIRST_DAY = date(2021, 1, 1)
DAYS = 5 * 365
CURRENCIES = ("USD", "USD", "USD", "EUR")
CHUNK = 500_000
COLUMNS = [column.name for column in transactions.columns]


@dataclass(frozen=True, slots=True)
class LargeLedger:
    """A ledger and how many transactions were loaded into it, one in a hundred of them marked as deleted."""

    id: int
    rows: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """Two ledgers in one database, `engine` being the id of database and driver."""

    engine: str
    database: Database
    small: LargeLedger
    large: LargeLedger


def load_rows(url: str, ledger: LargeLedger) -> None:
    """Write the rows of a ledger that has none. Best without secondary indexes: see `drop_indexes`."""
    embedded = make_url(url).get_backend_name() == "sqlite"
    (_load_sqlite if embedded else _load_mysql)(url, ledger)


async def drop_indexes(connection: AsyncConnection) -> None:
    """Take away the secondary indexes, which are built faster once the rows are there."""
    for index in transactions.indexes:
        await connection.run_sync(index.drop)


async def create_indexes(connection: AsyncConnection) -> None:
    """Make the indexes again, as the migration made them."""
    for index in transactions.indexes:
        await connection.run_sync(index.create)


def rows(ledger: LargeLedger) -> Iterator[tuple[Any, ...]]:
    """Give the ledger's rows, the same in every run: each value a text or number that all databases read."""
    days = [(FIRST_DAY + timedelta(days=number)).isoformat() for number in range(DAYS)]
    texts = [_texts(merchant, number) for merchant in MERCHANTS for number in range(100)]
    for number in range(1, ledger.rows + 1):
        merchant, description, merchant_key, text_key = texts[spread(number + 2, len(texts))]
        at = 1_600_000_000_000_000 + number
        yield (
            ledger.id,
            number,
            number + CATEGORIES,  # the versions before are the ledger's own and its categories'
            at,
            at,
            int(number % 100 == 0),
            days[spread(number, DAYS)],
            spread(number + 1, 20_000) + 1,
            CURRENCIES[number % len(CURRENCIES)],
            merchant,
            description,
            spread(number + 3, CATEGORIES) or None,
            "",
            None,
            merchant_key,
            text_key,
        )


def _texts(merchant: str, number: int) -> tuple[str, str, str, str]:
    name, description = f"{merchant} {number}", DESCRIPTION
    return name, description, name_key(name), search_key(f"{name} {description}")


def _load_sqlite(url: str, ledger: LargeLedger) -> None:
    statement = str(insert(transactions).compile(dialect=sqlite.dialect()))
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(statement, rows(ledger))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _load_mysql(url: str, ledger: LargeLedger) -> None:
    address = make_url(url)
    connection = pymysql.connect(
        host=address.host or "",
        port=address.port or 0,
        user=address.username,
        password=address.password or "",
        database=address.database,
        charset="utf8mb4",
        local_infile=True,
        autocommit=True,
    )
    names = ", ".join(f"`{name}`" for name in COLUMNS)
    remaining = rows(ledger)
    with closing(connection), connection.cursor() as cursor, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        cursor.execute("SET GLOBAL local_infile = ON")
        file = Path(folder) / "rows.tsv"
        while _write(file, islice(remaining, CHUNK)):
            cursor.execute(
                f"LOAD DATA LOCAL INFILE %s INTO TABLE {transactions.name} CHARACTER SET utf8mb4 ({names})",
                (str(file),),
            )


def _write(file: Path, chunk: Iterator[tuple[Any, ...]]) -> int:
    """Write rows as LOAD DATA reads them; gives how many there were. No value holds a tab or a backslash."""
    with file.open("w", encoding="utf-8", newline="") as output:
        writer = csv.writer(output, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
        count = 0
        for row in chunk:
            writer.writerow(["\\N" if value is None else value for value in row])
            count += 1
    return count


async def sum_up(connection: AsyncConnection, ledger: LargeLedger) -> None:
    """Compute the sums from the rows, and set the ledger's versions and last id."""
    column = transactions.c
    month = extract("year", column.date) * 100 + extract("month", column.date)
    category = func.coalesce(column.category_id, 0)
    summed = (
        select(column.ledger_id, column.currency, month, category, func.count(), func.sum(column.amount_minor))
        .where(column.ledger_id == ledger.id, *live(transactions))
        .group_by(column.ledger_id, column.currency, month, category)
    )
    await connection.execute(insert(transaction_sums).from_select(list(transaction_sums.columns), summed))
    version = ledger.rows + CATEGORIES
    await connection.execute(
        update(ledgers)
        .where(ledgers.c.id == ledger.id)
        .values(version=version, transactions_version=version, transactions_last_id=ledger.rows)
    )
