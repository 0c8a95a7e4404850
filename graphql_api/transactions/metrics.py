"""Metrics of the business: transactions that were written, and amounts that were entered, by currency."""

from __future__ import annotations

from collections import Counter as Sums
from typing import TYPE_CHECKING

from prometheus_client import Counter

from graphql_api.ledgers.model import Operation
from graphql_api.ledgers.money import major_units
from graphql_api.transactions.store import TRANSACTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.database.steps import Step

_TRANSACTIONS = Counter(
    "expense_transactions", "Changes of transactions that were committed.", ("currency", "operation")
)
_AMOUNT = Counter(
    "expense_transaction_amount",
    "Sums of the transactions that were created, in major units of the currency; later changes do not take away.",
    ("currency", "direction"),
)


class TransactionTally:
    """What one database transaction changes; counted only once it stands."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._operations: Sums[tuple[str, str]] = Sums()
        self._minor_units: Sums[tuple[str, str]] = Sums()

    def add(self, steps: Sequence[Step]) -> None:
        """Take steps that are about to be committed."""
        for step in steps:
            if step.kind is not TRANSACTION:
                continue
            state = step.before if step.after is None else step.after
            self._operations[state.currency, step.operation.value] += 1
            if step.operation is Operation.CREATE:
                direction = "refunded" if state.amount_minor < 0 else "spent"
                self._minor_units[state.currency, direction] += abs(state.amount_minor)

    def committed(self) -> None:
        """They stand."""
        for (currency, operation), times in self._operations.items():
            _TRANSACTIONS.labels(currency, operation).inc(times)
        for (currency, direction), minor_units in self._minor_units.items():
            _AMOUNT.labels(currency, direction).inc(float(major_units(minor_units, currency)))
