"""Adding rows to a table, as many as there are in as few statements as can be.

SQLAlchemy's own way and the drivers' executemany each look at every value again, which was most of what a group of
writes cost on MySQL and MariaDB. There a statement is made as text, of the table's own names: whole numbers stand in
it, and every other value is the driver's to escape.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Insert, Table
    from sqlalchemy.engine import Dialect
    from sqlalchemy.ext.asyncio import AsyncConnection

MEASURED_AS = "measured_as"
"""The execution option by which a statement that is text tells the metrics its kind and its table."""

_LENGTH = 400_000
"""Characters of a statement, about: each takes 4 bytes at most, or 2 escaped. MariaDB takes 16 MiB in one packet."""


async def add_rows(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], otherwise: str = ""
) -> None:
    """Insert rows, each with a value for every column.

    `otherwise` is what MySQL and MariaDB are to do with a row whose key is there: the end of the statement, in SQL.
    """
    dialect = connection.dialect
    if dialect.name == "sqlite":
        await connection.execute(_insert(table), rows)
        return
    head, columns = _plan(table, dialect)
    options = {MEASURED_AS: ("insert", table.name)}
    for values, parameters in _statements(columns, rows):
        text = f"{head}{values}{otherwise}"
        try:
            await connection.exec_driver_sql(text, parameters, execution_options=options)
        except DBAPIError as error:
            error.statement = head  # the rest holds amounts, which stay out of the log
            raise


_Columns = tuple[tuple[str, "Callable[[Any], Any] | None"], ...]


@cache
def _insert(table: Table) -> Insert:
    # made once: SQLAlchemy keeps the key of the compiled form with it
    return insert(table)


@lru_cache(maxsize=64)
def _plan(table: Table, dialect: Dialect) -> tuple[str, _Columns]:
    """How a statement begins, and how to turn the values of each column into what the driver takes."""
    quote = dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in table.c)
    columns = tuple((column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in table.c)
    return f"INSERT INTO {quote(table.name)} ({names}) VALUES ", columns  # noqa: S608  of our own names only


def _statements(columns: _Columns, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The rows as SQL, and the values that the driver is to put in: a pair for each statement."""
    texts: list[str] = []
    parameters: list[Any] = []
    length = 0
    for row in rows:
        literals = []
        for name, convert in columns:
            value = row[name] if convert is None else convert(row[name])
            if type(value) is int:
                literals.append(str(value))
            elif value is None:
                literals.append("NULL")
            else:
                literals.append("%s")
                parameters.append(value)
                length += len(value) if type(value) is str else 0
        text = f"({', '.join(literals)})"
        texts.append(text)
        length += len(text)
        if length >= _LENGTH:
            yield ", ".join(texts), tuple(parameters)
            texts, parameters, length = [], [], 0
    if texts:
        yield ", ".join(texts), tuple(parameters)
