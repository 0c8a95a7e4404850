"""The transactions that benchmarks create: as a caller sends them, and as the service keeps them."""

from datetime import date, timedelta
from decimal import Decimal

from graphql_api.transactions.model import Draft, Transaction

FIRST_DAY = date(2026, 1, 1)
DAYS = 90
"""Expenses are entered soon after they are made: a quarter of a year holds them."""

MERCHANTS = (
    "Café Müller", "Corner Shop", "Farmers' Market", "City Transport", "Book & Bean", "Hardware House",
    "Nordic Foods", "Pharmacy at the Park", "Petrol Station 42", "The Little Bakery", "Cinema Lux", "Gas & Water",
)  # fmt: skip
DESCRIPTION = "weekly shopping, paid by card"


def spread(number: int, size: int) -> int:
    """Return a number below `size` that looks random and is the same in every run."""
    return (number * 2_654_435_761 % 2**32) * size >> 32


def transaction(number: int) -> Transaction:
    """Return the `number`th transaction as the service keeps it, in ledger 1 and under its number as id."""
    return Transaction(
        ledger_id=1,
        id=number,
        version=number,
        created_at=1_700_000_000_000_000 + number,
        updated_at=1_700_000_000_000_000 + number,
        deleted=False,
        date=FIRST_DAY + timedelta(days=spread(number, DAYS)),
        amount_minor=spread(number + 1, 20_000) + 1,
        currency="USD",
        merchant=MERCHANTS[spread(number + 2, len(MERCHANTS))],
        description=DESCRIPTION,
    )


def draft(number: int) -> Draft:
    """Return the same transaction as a caller sends it."""
    made = transaction(number)
    return Draft(
        amount=Decimal(made.amount_minor).scaleb(-2),
        date=made.date.isoformat(),
        merchant=made.merchant,
        description=made.description,
    )
