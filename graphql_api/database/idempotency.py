"""Idempotency keys: a repeated write with the same key and request is answered by the stored outcome."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, tuple_

from graphql_api.database.rows import add_rows
from graphql_api.database.tables import IDEMPOTENCY_KEY_LENGTH, idempotency_keys
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

KEPT = 48 * 3600 * 1_000_000
"""How long a key is remembered, in microseconds: two days, of which one is promised."""


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A caller's key within a ledger, and the fingerprint of the request that it was sent with."""

    subject: str
    key: str
    fingerprint: str


def idempotency_key(subject: str, key: str | None, operation: str, request: Any) -> IdempotencyKey | None:
    """The key with the request's fingerprint: SHA-256 of the operation's name and its input as canonical JSON."""
    if key is None:
        return None
    cleaned = clean(key, "idempotencyKey", longest=IDEMPOTENCY_KEY_LENGTH, required=True)
    canonical = json.dumps([operation, request], sort_keys=True, ensure_ascii=True, default=str)
    return IdempotencyKey(subject, cleaned, hashlib.sha256(canonical.encode()).hexdigest())


async def stored_outcomes(
    connection: AsyncConnection, ledger_id: int, keys: Iterable[IdempotencyKey]
) -> dict[tuple[str, str], Row[*tuple[Any, ...]]]:
    """The rows (subject, key, fingerprint, outcome) of those keys that were used before."""
    pairs = [(key.subject, key.key) for key in keys]
    if not pairs:
        return {}
    table = idempotency_keys
    statement = select(table.c.subject, table.c.key, table.c.fingerprint, table.c.outcome).where(
        table.c.ledger_id == ledger_id, tuple_(table.c.subject, table.c.key).in_(pairs)
    )
    return {(row.subject, row.key): row for row in (await connection.execute(statement)).all()}


def check_fingerprint(key: IdempotencyKey, fingerprint: str) -> None:
    """Refuse a key that came with another request before."""
    if key.fingerprint != fingerprint:
        message = "This idempotency key was used for another request: take a new key for a new request."
        raise Refused.because(Code.IDEMPOTENCY_KEY_REUSED, message, "idempotencyKey")


async def remember(connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    """Keep outcomes with their keys, in the transaction of the writes themselves."""
    if rows:
        await add_rows(connection, idempotency_keys, rows)


async def forget_old(connection: AsyncConnection, now: int) -> int:
    """Delete the keys that are past their time; gives how many there were."""
    result = await connection.execute(delete(idempotency_keys).where(idempotency_keys.c.created_at < now - KEPT))
    return result.rowcount
