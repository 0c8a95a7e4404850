"""The work of `expense backup` and `expense restore`."""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphql_api.commands.console import progress, say, say_json
from graphql_api.commands.files import whole_file
from graphql_api.commands.opening import run
from graphql_api.database.backup import count_rows, dump, restore, snapshot
from graphql_api.database.schema import check_revision
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.settings import Settings
from graphql_api.stores import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

_GZIP = b"\x1f\x8b"


def back_up(file: Path, *, as_json: bool) -> None:
    """Write the backup; the file is there whole or not at all."""
    rows = run(_back_up(file, quiet=as_json))
    if as_json:
        say_json({"file": str(file), "rows": rows})
    else:
        say(f"Wrote {rows:,} rows to {file}.")


async def _back_up(file: Path, *, quiet: bool) -> int:
    database = open_database(Settings.load())
    lines = -2  # the first and the last are no rows
    try:
        await check_revision(database.engines.read)
        async with snapshot(database.engines.read) as connection:
            total = await count_rows(connection)
            with (
                whole_file(file, compressed=file.suffix == ".gz") as output,
                progress("Writing", total, quiet=quiet) as told,
            ):
                async for line in dump(connection):
                    output.write(f"{line}\n")
                    lines += 1
                    told(lines)
            return total
    finally:
        await database.close()


def take_back(file: Path, *, as_json: bool) -> None:
    """Restore the backup."""
    with _readable(file) as lines:
        rows = run(_take_back(lines))
    if as_json:
        say_json({"file": str(file), "rows": rows})
    else:
        say(f"Restored {rows:,} rows from {file}: every ledger's changes lead to its version.")


async def _take_back(lines: TextIO) -> int:
    database = open_database(Settings.load())
    try:
        return await restore(database.engines.write, lines)
    finally:
        await database.close()


@contextmanager
def _readable(file: Path) -> Iterator[TextIO]:
    try:
        with file.open("rb") as found:
            compressed = found.read(len(_GZIP)) == _GZIP
        with gzip.open(file, "rt", encoding="utf-8") if compressed else file.open(encoding="utf-8") as lines:
            yield lines
    except OSError as error:
        raise Refused.because(Code.INVALID, f"{file} cannot be read: {error.strerror or error}.", "file") from error
