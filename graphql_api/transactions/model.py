"""A transaction, and what a caller gives to make or change one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql_api.ledgers.model import UNSET, Entity, Unset
from graphql_api.ledgers.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MOST_TAGS = 20
"""Tags that one transaction may carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction(Entity):
    """An expense (positive) or a refund (negative), `amount_minor` in minor units of `currency`; "" stands for none."""

    date: date
    amount_minor: int
    currency: str
    merchant: str = ""
    description: str = ""
    category_id: int | None = None
    tag_ids: tuple[int, ...] = ()
    external_id: str | None = None

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount_minor, self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The content of a transaction as a caller gives it, nothing of it checked yet.

    `amount` is in major units: text, `int` or `Decimal`. `currency` None means the ledger's own. In a patch, a field
    that is UNSET stays as it is.
    """

    amount: Any | Unset = UNSET
    currency: str | Unset | None = UNSET
    date: Any | Unset = UNSET
    merchant: str | Unset | None = UNSET
    description: str | Unset | None = UNSET
    category_id: int | Unset | None = UNSET
    tags: Sequence[str] | Unset | None = UNSET
    external_id: str | Unset | None = UNSET
