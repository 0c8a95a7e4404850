"""The versions of ledgers as they are now, for whoever may see them: what a cached answer is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.cache.coalesce import Coalesced
from graphql_api.database.reader import read_seen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql_api.database.database import Database
    from graphql_api.database.reader import Seen
    from graphql_api.ledgers.model import Ledger

Versions = Coalesced["Seen", "Ledger"]
"""By ledger and who looks at it; a ledger that does not exist, or not for them, has none."""


def open_versions(database: Database, *, most: float) -> Versions:
    """Versions as the database has them; `most` is how many seconds a read may take."""

    async def read(wanted: list[Seen]) -> Mapping[Seen, Ledger]:
        async with database.snapshot() as snapshot:
            return await read_seen(snapshot, wanted)

    return Coalesced(read, content="versions", most=most)
