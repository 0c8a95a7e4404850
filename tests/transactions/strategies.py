"""Filters, orders and contents of transactions that Hypothesis makes up, few values each so that they meet."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from graphql_api.database.states import SortKey
from graphql_api.transactions.filters import (
    AmountCondition,
    DateCondition,
    ReferenceCondition,
    TextCondition,
    TransactionFilter,
)
from graphql_api.transactions.model import Draft

CURRENCIES = ("USD", "JPY", "KWD", "CLF")
TEXTS = (
    "",
    "50% off",
    "a_b",
    "a\\b",
    "a/b",
    "ab",
    "Café",
    "CAFE",
    "cafe\u0301 bar",
    "🍰",
    "Straße",
    "قهوة",
    "a'b\"",
    "%",
    "_",
)
DAYS = st.dates(date(2025, 12, 30), date(2026, 2, 2))
CATEGORIES = (1, 2, 3, 4)
TAGS = ("red", "blue", "🏷️")
ANY_ID = st.integers(0, 5) | st.sampled_from([2**63, 10**30])
AMOUNTS = st.sampled_from(["-2", "-1", "0", "1", "2", "10"])
BOUNDS = AMOUNTS.map(Decimal) | st.decimals(-3, 3, places=5) | st.sampled_from([Decimal("1e400"), Decimal("-1e-400")])


def _bounds(values: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: st.none() | values for name in ("gt", "gte", "lt", "lte")} | {"eq": st.none() | st.none() | values}


_TEXT = st.sampled_from(TEXTS) | st.sampled_from(["a", "e", "off", "STRASSE", "5_", "\\", "%%", "a b", "🍰🍰"])
_LEAVES = st.one_of(
    st.builds(
        TransactionFilter,
        amount=st.builds(AmountCondition, currency=st.none() | st.sampled_from(CURRENCIES), **_bounds(BOUNDS)),
    ),
    st.builds(TransactionFilter, date=st.builds(DateCondition, **_bounds(DAYS))),
    st.builds(
        TransactionFilter,
        merchant=st.builds(
            TextCondition,
            eq=st.none() | st.none() | _TEXT,
            any_of=st.none() | st.none() | st.lists(_TEXT, max_size=3),
            starts_with=st.none() | _TEXT,
            contains=st.none() | _TEXT,
        ),
    ),
    st.builds(TransactionFilter, text=_TEXT),
    st.builds(
        TransactionFilter,
        category=st.builds(
            ReferenceCondition, any_of=st.none() | st.lists(ANY_ID, max_size=3), none=st.none() | st.booleans()
        ),
    ),
    st.builds(
        TransactionFilter,
        tag=st.builds(
            ReferenceCondition, any_of=st.none() | st.lists(ANY_ID, max_size=3), none=st.none() | st.booleans()
        ),
    ),
    st.builds(TransactionFilter, currency=st.lists(st.sampled_from([*CURRENCIES, "usd", "EUR"]), max_size=3)),
    st.builds(TransactionFilter, external_id=st.lists(st.sampled_from(["0", "1", "2", "x", "É"]), max_size=3)),
    st.just(TransactionFilter()),
)
FILTERS = st.recursive(
    _LEAVES,
    lambda inner: st.builds(
        TransactionFilter,
        all_of=st.none() | st.lists(inner, max_size=3),
        any_of=st.none() | st.lists(inner, max_size=3),
        none_of=st.none() | inner,
    ),
    max_leaves=5,
)

COLUMNS = ("date", "amount_minor", "currency", "merchant_key", "version", "created_at")
ORDERS = st.lists(
    st.builds(SortKey, st.sampled_from(COLUMNS), st.booleans()), max_size=3, unique_by=lambda key: key.column
).flatmap(lambda keys: st.booleans().map(lambda down: [*keys, SortKey("id", down)]))


@st.composite
def contents(draw: st.DrawFn) -> Draft:
    """The content of a transaction."""
    return Draft(
        amount=draw(AMOUNTS),
        currency=draw(st.sampled_from(CURRENCIES)),
        date=draw(DAYS),
        merchant=draw(st.sampled_from(TEXTS)),
        description=draw(st.sampled_from(TEXTS)),
        category_id=draw(st.none() | st.sampled_from(CATEGORIES)),
        tags=draw(st.lists(st.sampled_from(TAGS), max_size=2)),
    )
