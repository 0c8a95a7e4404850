"""A budget."""

from __future__ import annotations

from dataclasses import dataclass

from graphql_api.ledgers.model import Entity
from graphql_api.ledgers.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Entity):
    """What is meant to be spent in a month (202602) on a category and all below it, or on all (None)."""

    month: int
    category_id: int | None
    amount_minor: int
    currency: str

    @property
    def money(self) -> Money:
        """The limit with its currency."""
        return Money(self.amount_minor, self.currency)
