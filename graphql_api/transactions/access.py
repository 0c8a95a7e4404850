"""What every REST request says beside its input: in which ledger it acts, who sends it, under which idempotency key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql_api.database.idempotency import idempotency_key
from graphql_api.database.states import by_ids
from graphql_api.database.writer import Envelope
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import LARGEST
from graphql_api.transactions.store import TRANSACTION

if TYPE_CHECKING:
    from graphql_api.database.database import Database
    from graphql_api.database.outcome import Outcome
    from graphql_api.database.reader import Snapshot
    from graphql_api.database.writer import Write
    from graphql_api.transactions.model import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One request's."""

    database: Database
    ledger_id: int
    subject: str
    key: str | None = None

    def envelope(self, operation: str, request: Any) -> Envelope:
        """Who writes, and the fingerprint of what is asked for."""
        return Envelope(self.subject, idempotency_key(self.subject, self.key, operation, request))

    async def write(self, write: Write) -> Outcome:
        """Do a write to the ledger."""
        return await self.database.write(self.ledger_id, write)

    async def transaction(self, entity_id: int) -> Transaction:
        """A transaction that is there and not deleted. Raises `Refused` with NOT_FOUND."""
        async with self.database.snapshot() as snapshot:
            await snapshot.ledger(self.ledger_id)
            return await self._find(snapshot, entity_id)

    async def _find(self, snapshot: Snapshot, entity_id: int) -> Transaction:
        found = None
        if 0 < entity_id <= LARGEST:
            found = (await by_ids(snapshot, TRANSACTION, self.ledger_id, [entity_id])).get(entity_id)
        if found is None or found.deleted:
            raise Refused.because(Code.NOT_FOUND, "There is no transaction with this id in the ledger.", "id")
        return found
