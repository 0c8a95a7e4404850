"""The versions of ledgers as they are now: what a cached answer is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.cache.coalesce import Coalesced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql_api.database.database import Database
    from graphql_api.ledgers.model import Ledger

Versions = Coalesced[int, "Ledger"]
"""By id; a ledger that does not exist has none."""


def open_versions(database: Database, *, most: float) -> Versions:
    """Versions as the database has them; `most` is how many seconds a read may take."""

    async def read(ids: list[int]) -> Mapping[int, Ledger]:
        async with database.snapshot() as snapshot:
            return await snapshot.ledgers(ids)

    return Coalesced(read, most=most)
