"""What a filter and an order mean, in plain Python: nothing of it is shared with the SQL."""

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from graphql_api.database.states import SortKey
from graphql_api.ledgers.money import EXPONENTS
from graphql_api.transactions.filters import (
    AmountCondition,
    DateCondition,
    ReferenceCondition,
    TextCondition,
    TransactionFilter,
)
from graphql_api.transactions.model import Transaction


def plain(text: str) -> str:
    """The text without case, accents and runs of white space."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def matches(wanted: TransactionFilter, transaction: Transaction, parents: Mapping[int, int | None]) -> bool:
    """Whether the transaction meets the filter. `parents` maps each category to the one above it."""
    conditions = [matches(child, transaction, parents) for child in wanted.all_of or ()]
    if wanted.any_of is not None:
        conditions.append(any(matches(child, transaction, parents) for child in wanted.any_of))
    if wanted.none_of is not None:
        conditions.append(not matches(wanted.none_of, transaction, parents))
    if wanted.category is not None:
        conditions.append(_refers(wanted.category, _above(transaction.category_id, parents)))
    if wanted.tag is not None:
        conditions.append(_refers(wanted.tag, transaction.tag_ids))
    return all(conditions) and _own(wanted, transaction)


def _own(wanted: TransactionFilter, transaction: Transaction) -> bool:
    conditions = []
    if wanted.amount is not None:
        value = Decimal(transaction.amount_minor).scaleb(-EXPONENTS[transaction.currency])
        conditions.append(wanted.amount.currency in {None, transaction.currency} and _within(wanted.amount, value))
    if wanted.date is not None:
        conditions.append(_within(wanted.date, transaction.date))
    if wanted.merchant is not None:
        conditions.append(_text(wanted.merchant, plain(transaction.merchant)))
    if wanted.text is not None:
        haystack = plain(f"{transaction.merchant} {transaction.description}")
        conditions.extend(word in haystack for word in plain(wanted.text).split())
    if wanted.currency is not None:
        conditions.append(transaction.currency in wanted.currency)
    if wanted.external_id is not None:
        conditions.append(transaction.external_id in wanted.external_id)
    return all(conditions)


def _refers(wanted: ReferenceCondition, ids: Sequence[int]) -> bool:
    return (wanted.any_of is None or bool(set(wanted.any_of) & set(ids))) and wanted.none in {None, not ids}


def sort_value(transaction: Transaction, column: str) -> Any:
    """What a transaction is sorted by."""
    return plain(transaction.merchant) if column == "merchant_key" else getattr(transaction, column)


def in_order(transactions: Sequence[Transaction], keys: Sequence[SortKey]) -> list[Transaction]:
    """The transactions sorted by all keys: the last first, for sorting is stable."""
    found = list(transactions)
    for key in reversed(keys):
        found.sort(key=lambda transaction: sort_value(transaction, key.column), reverse=key.descending)
    return found


def _within(bounds: AmountCondition | DateCondition, value: Any) -> bool:
    return (
        (bounds.eq is None or value == bounds.eq)
        and (bounds.gt is None or value > bounds.gt)
        and (bounds.gte is None or value >= bounds.gte)
        and (bounds.lt is None or value < bounds.lt)
        and (bounds.lte is None or value <= bounds.lte)
    )


def _text(wanted: TextCondition, value: str) -> bool:
    return (
        (wanted.eq is None or value == plain(wanted.eq))
        and (wanted.any_of is None or value in [plain(text) for text in wanted.any_of])
        and (wanted.starts_with is None or value.startswith(plain(wanted.starts_with)))
        and (wanted.contains is None or plain(wanted.contains) in value)
    )


def _above(category_id: int | None, parents: Mapping[int, int | None]) -> list[int]:
    found: list[int] = []
    while category_id is not None:
        found.append(category_id)
        category_id = parents[category_id]
    return found
