"""A backup: every row of every table as one snapshot, in lines of JSON that any engine takes back.

The first line tells the schema's revision, then each table its columns and a line for each row, and the last line how
many rows each table had: a file that was cut short has none. Values are told as the driver gives them.
"""

from __future__ import annotations

import json
import zlib
from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import column, delete, func, insert, inspect, select, table, text
from sqlalchemy.exc import DBAPIError

from graphql_api.database.engine import outages_told, unavailable
from graphql_api.database.schema import HEAD, REVISIONS, SchemaMismatch, current_revision, migrate
from graphql_api.ledgers.errors import Code, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from sqlalchemy import Connection, TableClause
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

FORMAT = 1
"""Advanced by whatever an older version could not read."""

_ROWS = 1000
"""Rows that are in memory at once."""

_MARK = "expense-ledger-backup"
_REVISION_TABLE = "alembic_version"


async def count_rows(connection: AsyncConnection) -> int:
    """How many rows a backup will have."""
    total = 0
    for one in await connection.run_sync(_tables):
        total += await connection.scalar(select(func.count()).select_from(one)) or 0
    return total


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection that sees the database as it is now until it is given back."""
    with outages_told():
        async with engine.connect() as connection:
            yield connection
            await connection.rollback()


async def dump(connection: AsyncConnection) -> AsyncIterator[str]:
    """The lines of a backup, without line ends."""
    revision = await connection.scalar(text(f"SELECT version_num FROM {_REVISION_TABLE}"))  # noqa: S608  our own name
    yield _line({_MARK: FORMAT, "revision": revision})
    rows: dict[str, int] = {}
    for one in await connection.run_sync(_tables):
        yield _line({"table": one.name, "columns": [each.name for each in one.columns]})
        rows[one.name] = 0
        found = await connection.stream(select(one).execution_options(yield_per=_ROWS))
        async for row in found:
            rows[one.name] += 1
            yield _line([_plain(value) for value in row])
    yield _line({"rows": rows})


async def restore(engine: AsyncEngine, lines: Iterable[str]) -> int:
    """Take a backup back into a database that holds no ledger, and bring it to the newest schema; gives the rows.

    All rows come in one transaction, after which every table must have as many as the backup told, and every
    ledger's changes must lead to its version without a gap.

    Raises:
        Refused: the file is no whole backup, or the database holds something.
        SchemaMismatch: the backup is of a version newer than this one.
    """
    numbered = _parsed(lines)
    _, first = next(numbered, (1, None))
    if not isinstance(first, dict) or first.get(_MARK) != FORMAT:
        raise _refused("line 1: this is not a backup that this version reads.")
    revision = first.get("revision")
    if revision not in REVISIONS:
        raise SchemaMismatch(f"The backup is of the schema {revision}, and this version knows {', '.join(REVISIONS)}.")
    found = await current_revision(engine)
    if found is None:
        await migrate(engine, revision)
    elif found != revision:
        raise _refused(f"the backup is of the schema {revision} and the database has {found}: take an empty one.")
    with outages_told():
        async with engine.begin() as connection:
            await _empty(connection)
            rows = await _fill(connection, numbered)
            await _check_versions(connection)
    if revision != HEAD:
        await migrate(engine)
    return rows


async def _empty(connection: AsyncConnection) -> None:
    """A database that was only started has its first ledger, at version 1; that may go."""
    lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    found = (await connection.execute(text(f"SELECT version FROM ledgers{lock}"))).scalars().all()  # noqa: S608  as above
    if len(found) > 1 or any(version > 1 for version in found):
        raise _refused("the database holds ledgers already: take an empty one.")
    for one in await connection.run_sync(_tables):
        await connection.execute(delete(one))


async def _fill(connection: AsyncConnection, numbered: Iterator[tuple[int, Any]]) -> int:
    known = {one.name: one for one in await connection.run_sync(_tables)}
    told: dict[str, int] = {}
    into: _Rows | None = None
    for number, line in numbered:
        match line:
            case list() if into is not None:
                await into.add(number, line)
            case {"table": str(name), "columns": list(columns)} if name in known and name not in told:
                await _finish(into, told)
                into = _Rows(connection, known[name], number, columns)
                told[name] = 0
            case {"rows": dict(rows)}:
                await _finish(into, told)
                if rows != told or set(told) != set(known):
                    raise _refused(f"line {number}: rows are missing.")
                return sum(told.values())
            case _:
                raise _refused(f"line {number}: this is no line of a backup of this schema.")
    raise _refused("the backup was cut short: its last line is missing.")


async def _finish(into: _Rows | None, told: dict[str, int]) -> None:
    if into is not None:
        await into.flush()
        told[into.table.name] = into.count


class _Rows:
    """The rows of one table, of which some wait to be inserted together."""

    def __init__(self, connection: AsyncConnection, into: TableClause, number: int, columns: list[Any]) -> None:
        if sorted(map(str, columns)) != sorted(each.name for each in into.columns):
            raise _refused(f"line {number}: the table {into.name} has other columns.")
        self.table = into
        self.count = 0
        self._connection = connection
        self._columns: list[str] = columns
        self._number = number
        self._waiting: list[dict[str, Any]] = []

    async def add(self, number: int, row: list[Any]) -> None:
        """Take a row."""
        if len(row) != len(self._columns) or not all(isinstance(value, (str, int, type(None))) for value in row):
            raise _refused(f"line {number}: this is no row of the table {self.table.name}.")
        self._number = number
        self._waiting.append(dict(zip(self._columns, row, strict=True)))
        self.count += 1
        if len(self._waiting) == _ROWS:
            await self.flush()

    async def flush(self) -> None:
        """Insert what waits."""
        if not self._waiting:
            return
        try:
            await self._connection.execute(insert(self.table), self._waiting)
        except DBAPIError as error:
            if unavailable(error):
                raise
            where = f"lines {self._number - len(self._waiting) + 1:,} to {self._number:,}"
            raise _refused(f"{where}: the table {self.table.name} does not take a row of these.") from error
        self._waiting = []


async def _check_versions(connection: AsyncConnection) -> None:
    statement = text(
        "SELECT ledgers.id FROM ledgers LEFT JOIN (SELECT ledger_id, COUNT(DISTINCT version) AS versions, "
        "MAX(version) AS latest FROM changes GROUP BY ledger_id) AS told ON told.ledger_id = ledgers.id "
        "WHERE told.versions IS NULL OR told.versions <> ledgers.version OR told.latest <> ledgers.version"
    )
    wrong = (await connection.execute(statement)).scalars().all()
    if wrong:
        raise _refused(f"the changes of the ledgers {', '.join(map(str, wrong[:10]))} do not lead to their versions.")


def _tables(connection: Connection) -> list[TableClause]:
    """The tables that the database has, with their columns and without types, so that any revision is served."""
    inspector = inspect(connection)
    return [
        table(name, *(column(each["name"]) for each in inspector.get_columns(name)))
        for name in sorted(inspector.get_table_names())
        if name != _REVISION_TABLE
    ]


def _parsed(lines: Iterable[str]) -> Iterator[tuple[int, Any]]:
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            yield number, json.loads(line)
    except (ValueError, RecursionError):
        raise _refused(f"line {number}: this is not JSON.") from None
    except (EOFError, OSError, zlib.error) as error:
        raise _refused(f"after line {number:,} the file is damaged or was cut short.") from error


def _refused(message: str) -> Refused:
    return Refused.because(Code.INVALID, f"{message[0].upper()}{message[1:]} Nothing was restored.", "file")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
