"""What a row is recognised by when it comes again: a key of its own, or a fingerprint with its occurrence."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from graphql_api.ledgers.model import Ledger

_NUMBER = re.compile(r"(ledger-\d{1,19}-\d{1,19}):(\d{1,19})", re.ASCII)


def origin(ledger: Ledger) -> str:
    """A name for a ledger that no other has: every new database's first one has the same id, but not the instant."""
    return f"ledger-{ledger.id}-{ledger.created_at}"


def number_key(origin_: str, number: int) -> str:
    """The key under which a transaction without external id is exported."""
    return f"{origin_}:{number}"


def parse_number(key: str) -> tuple[str, int] | None:
    """The ledger and number in such a key, None for any other."""
    match = _NUMBER.fullmatch(key)
    return (match[1], int(match[2])) if match else None


def fingerprint_key(content: str, occurrence: int) -> str:
    """The external id of a row that has no key: SHA-256 of its content, and how often that stood before in the file."""
    return f"sha256:{_digest(content).hex()}:{occurrence}"


class Seen:
    """The keys and contents of a file so far, on disk once they are many, so that any file fits."""

    def __enter__(self) -> Self:
        """Open a temporary database that goes with its connection."""
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE key (hash BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._database.execute("CREATE TABLE content (hash BLOB PRIMARY KEY, times INTEGER) WITHOUT ROWID")
        self._database.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget all."""
        self._database.close()

    def line_of(self, key: str, line: int) -> int | None:
        """The line that the key stood on before; otherwise None, and it is remembered for this one."""
        hashed = _digest(key)
        with closing(self._database.execute("SELECT line FROM key WHERE hash = ?", (hashed,))) as found:
            row = found.fetchone()
        if row is not None:
            return int(row[0])
        self._database.execute("INSERT INTO key VALUES (?, ?)", (hashed, line))
        return None

    def occurrence(self, content: str) -> int:
        """How many times the content has come, this time included."""
        statement = "INSERT INTO content VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times"
        with closing(self._database.execute(statement, (_digest(content),))) as found:
            return int(found.fetchone()[0])


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
