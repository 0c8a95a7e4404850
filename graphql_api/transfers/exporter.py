"""Export: a ledger, or some of it, from one snapshot, in pages, so that memory does not grow with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql_api.budgets.store import BUDGET
from graphql_api.categories.store import CATEGORY, with_descendants
from graphql_api.database.history import ledger_as_of
from graphql_api.database.states import Range, SortKey, everything, page
from graphql_api.tags.store import TAG
from graphql_api.transactions.filters import EVERYTHING, TransactionFilter, category_ids, check, condition
from graphql_api.transactions.store import TRANSACTION
from graphql_api.transactions.totals import Deleted, not_deleted
from graphql_api.transfers.keys import number_key, origin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy import ColumnElement, Table

    from graphql_api.budgets.model import Budget
    from graphql_api.database.kinds import Kind
    from graphql_api.database.reader import Snapshot
    from graphql_api.database.states import Where
    from graphql_api.ledgers.model import Ledger
    from graphql_api.transactions.model import Transaction

PAGE = 1000
_BY_ID = (SortKey("id"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is exported: of which transactions, at which version (None: at present), with deleted ones or without."""

    wanted: TransactionFilter = EVERYTHING
    deleted: Deleted = Deleted.EXCLUDE
    as_of: int | None = None


class Export:
    """A ledger as an export sees it. Made by `open`."""

    def __init__(self, snapshot: Snapshot, ledger: Ledger, selection: Selection) -> None:
        """Take the ledger as it was at the selection's version."""
        self._snapshot = snapshot
        self._selection = selection
        self.ledger = ledger
        self.origin = origin(ledger)
        self.paths: dict[int, tuple[str, ...]] = {}
        self.tags: dict[int, str] = {}

    @classmethod
    async def open(cls, snapshot: Snapshot, ledger_id: int, selection: Selection) -> Export:
        """Read the ledger with its categories and tags. Refused for a version that is not there."""
        check(selection.wanted)
        ledger = await snapshot.ledger(ledger_id)
        if selection.as_of is not None:
            ledger = await ledger_as_of(snapshot, ledger, selection.as_of)
        export = cls(snapshot, ledger, selection)
        named: dict[int, tuple[str, int | None]] = {}
        async for category in export._all(CATEGORY, everything):
            named[category.id] = (category.name, category.parent_id)
            if not category.deleted:
                export.paths[category.id] = ()
        for category_id in export.paths:
            export.paths[category_id] = _path(named, category_id)
        async for tag in export._all(TAG, everything):
            if not tag.deleted:
                export.tags[tag.id] = tag.name
        return export

    @property
    def whole(self) -> bool:
        """Whether all of the ledger is exported, and not only some transactions."""
        return self._selection.wanted == EVERYTHING

    async def transactions(self) -> AsyncIterator[Transaction]:
        """The transactions selected, by id."""
        selection = self._selection
        below = await with_descendants(self._snapshot, self.ledger.id, category_ids(selection.wanted), selection.as_of)

        def where(table: Table) -> Sequence[ColumnElement[bool]]:
            return [*not_deleted(table, selection.deleted), condition(selection.wanted, table, below)]

        async for transaction in self._all(TRANSACTION, where):
            yield transaction

    async def budgets(self) -> list[Budget]:
        """The budgets that are not deleted, by month, category and currency."""
        found = [budget async for budget in self._all(BUDGET, everything) if not budget.deleted]
        return sorted(found, key=lambda budget: (budget.month, self.path(budget.category_id) or (), budget.currency))

    def key(self, transaction: Transaction) -> str:
        """What the transaction is recognised by when it is imported."""
        return transaction.external_id or number_key(self.origin, transaction.id)

    def path(self, category_id: int | None) -> tuple[str, ...] | None:
        """The names of a category from the top; None for none, and for a deleted one."""
        return None if category_id is None else self.paths.get(category_id)

    def tag_names(self, transaction: Transaction) -> list[str]:
        """The names of a transaction's tags, without deleted ones."""
        return [self.tags[tag_id] for tag_id in transaction.tag_ids if tag_id in self.tags]

    async def _all(self, kind: Kind[Any], where: Where) -> AsyncIterator[Any]:
        after: tuple[int] | None = None
        while True:
            wanted = Range(PAGE, after=after)
            found = await page(self._snapshot, kind, self.ledger.id, self._selection.as_of, where, _BY_ID, wanted)
            for entity in found:
                yield entity
            if len(found) < PAGE:
                return
            after = (found[-1].id,)


def _path(named: dict[int, tuple[str, int | None]], category_id: int | None) -> tuple[str, ...]:
    names: list[str] = []
    while category_id is not None:
        name, category_id = named[category_id]
        names.append(name)
    return tuple(reversed(names))
