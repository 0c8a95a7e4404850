"""The personal API tokens that there are: kept by digest, found by it, listed by owner, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from graphql_api.database.engine import outages_told
from graphql_api.database.tables import api_tokens
from graphql_api.ledgers.principal import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Row
    from sqlalchemy.ext.asyncio import AsyncEngine

_NAMES = ("id", "subject", "name", "prefix", "cap", "ledger_id", "created_at", "expires_at", "revoked_at")
_COLUMNS = [api_tokens.c[name] for name in _NAMES]


@dataclass(frozen=True, slots=True)
class StoredToken:
    """What is kept of a token beside its digest.

    `cap` is the most that it may do, `ledger_id` the ledger that it means where it names none. Instants are in
    microseconds of UTC since 1970, None for never.
    """

    id: int
    subject: str
    name: str
    prefix: str
    cap: Role
    ledger_id: int | None
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None

    def is_good(self, now: int) -> bool:
        """Whether it is neither revoked nor expired at an instant."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


async def keep(engine: AsyncEngine, token: StoredToken, digest: str) -> None:
    """Keep a new token under the SHA-256 of its text, in hexadecimal."""
    values = {name: getattr(token, name) for name in _NAMES}
    with outages_told():
        async with engine.begin() as connection:
            await connection.execute(insert(api_tokens), [{**values, "cap": token.cap.value, "digest": digest}])


async def by_digests(engine: AsyncEngine, digests: Iterable[str]) -> dict[str, StoredToken]:
    """The tokens of digests, good or not, in one statement."""
    statement = select(api_tokens.c.digest, *_COLUMNS).where(api_tokens.c.digest.in_(list(digests)))
    with outages_told():
        async with engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
    return {row[0]: _token(row[1:]) for row in rows}


async def listed(
    engine: AsyncEngine, *, subject: str | None = None, prefix: str | None = None, most: int
) -> list[StoredToken]:
    """Tokens of a subject, or of a prefix, or all; the newest first, revoked ones too."""
    table = api_tokens
    where = [table.c[name] == value for name, value in (("subject", subject), ("prefix", prefix)) if value is not None]
    statement = select(*_COLUMNS).where(*where).order_by(table.c.created_at.desc(), table.c.id.desc()).limit(most)
    with outages_told():
        async with engine.connect() as connection:
            return [_token(row) for row in (await connection.execute(statement)).all()]


async def count_good(engine: AsyncEngine, subject: str, now: int) -> int:
    """How many of a subject's tokens are good at an instant."""
    table = api_tokens
    statement = (
        select(func.count())
        .select_from(table)
        .where(
            table.c.subject == subject,
            table.c.revoked_at.is_(None),
            table.c.expires_at.is_(None) | (table.c.expires_at > now),
        )
    )
    with outages_told():
        async with engine.connect() as connection:
            return int((await connection.execute(statement)).scalar_one())


async def revoke(engine: AsyncEngine, token_id: int, now: int, *, subject: str) -> StoredToken | None:
    """Revoke a token of a subject's; gives it as it is then, None if there is none."""
    table = api_tokens
    where = [table.c.id == token_id, table.c.subject == subject]
    with outages_told():
        async with engine.begin() as connection:
            await connection.execute(update(table).where(*where, table.c.revoked_at.is_(None)).values(revoked_at=now))
            row = (await connection.execute(select(*_COLUMNS).where(*where))).first()
    return None if row is None else _token(row)


def _token(row: Row[*tuple[Any, ...]] | Sequence[Any]) -> StoredToken:
    values = dict(zip(_NAMES, row, strict=True))
    return StoredToken(**{**values, "cap": Role(values["cap"])})
