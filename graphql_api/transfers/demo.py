"""A household's two years as rows: always the same, so that taking them again adds nothing."""

from __future__ import annotations

import random
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from graphql_api.transactions.model import Draft
from graphql_api.transfers.rows import BudgetRow, CategoryRow, TransactionRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphql_api.transfers.rows import Row

FIRST_MONTH = (2024, 12)
MONTHS = 24
KEY_PREFIX = "demo:"
_SEED = 20241201

_CATEGORIES = (
    ("Housing", "Rent"),
    ("Housing", "Electricity"),
    ("Housing", "Internet & phone"),
    ("Food", "Groceries"),
    ("Food", "Cafés"),
    ("Food", "Restaurants"),
    ("Transport", "Public transport"),
    ("Transport", "Bicycle"),
    ("Leisure", "Streaming"),
    ("Leisure", "Books"),
    ("Leisure", "Cinema & theatre"),
    ("Household goods",),
    ("Health",),
    ("Clothes",),
    ("Gifts",),
    ("Travel", "Trains & flights"),
    ("Travel", "Hotels"),
    ("Travel", "Eating out"),
)

_BUDGETS = ((("Food",), "620.00"), (("Leisure",), "120.00"), (None, "2600.00"))


@dataclass(frozen=True, slots=True)
class _Habit:
    """What is bought how often a month, for about how much (in hundredths), where, and how it is tagged."""

    category: tuple[str, ...]
    times: tuple[int, int]
    amount: tuple[int, int]
    merchants: tuple[str, ...]
    description: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Spent:
    day: date
    amount: str
    currency: str
    habit: _Habit
    merchant: str


_HABITS = (
    _Habit(("Food", "Groceries"), (7, 10), (900, 8600), ("Greenmarket", "Mercado São João", "Hofladen Huber", "Co-op")),
    _Habit(("Food", "Cafés"), (4, 9), (290, 1150), ("Café Zoë ☕", "Bäckerei Ährenfeld 🥐", "The Daily Grind")),
    _Habit(
        ("Food", "Restaurants"),
        (2, 4),
        (1800, 7400),
        ("Trattoria da Nonna 🍝", "寿司 Hana 🍣", "Bistro Nº 7"),
        "Dinner",
    ),
    _Habit(("Transport", "Public transport"), (1, 4), (280, 2900), ("City Transit", "Regional Rail 🚆")),
    _Habit(("Transport", "Bicycle"), (0, 1), (600, 9500), ("Radwerkstatt 🚲",), "Repair"),
    _Habit(("Leisure", "Books"), (0, 2), (899, 3400), ("Librairie des Îles", "Paper & Ink 📚")),
    _Habit(("Leisure", "Cinema & theatre"), (0, 2), (1100, 5200), ("Kino Babylon 🎬", "Théâtre du Nord")),
    _Habit(("Household goods",), (1, 3), (400, 12900), ("Hammer & Nail", "Everything & More")),
    _Habit(("Health",), (0, 2), (450, 6800), ("Löwen-Apotheke", "Dr. Åberg"), "", ("reimbursable",)),
    _Habit(("Clothes",), (0, 1), (1900, 14900), ("Woolen & Sons", "Tienda Ñandú")),
    _Habit(("Gifts",), (0, 1), (1500, 8900), ("Toys & Tales 🎁", "Fleuriste Rosé 🌹"), "", ("gift",)),
)

# (month of the two years, currency, decimals, factor to the home currency's size, place)
_TRIPS = (
    (5, "GBP", 2, 0.86, "London"),
    (8, "CHF", 2, 0.95, "Zürich"),
    (16, "JPY", 0, 165.0, "京都"),
    (21, "SEK", 2, 11.2, "Malmö"),
)


class DemoSource:
    """The rows, with amounts in `currency`, which has two decimals, but for the journeys."""

    size = MONTHS

    def __init__(self, currency: str) -> None:
        """Take the home currency."""
        self._currency = currency

    def rows(self, progress: Callable[[int], None]) -> Iterator[Row]:
        """Categories, then month by month the budgets and what was spent."""
        for path in _CATEGORIES:
            yield CategoryRow(0, path)
        number = 0
        for month in range(MONTHS):
            year, of_year = _month(month)
            for category, amount in _BUDGETS:
                yield BudgetRow(0, f"{year}-{of_year:02d}", category, amount, self._currency)
            chance = random.Random(_SEED + month)  # noqa: S311  a sample, no secret
            for spent in sorted(self._spent(month, chance), key=lambda spent: spent.day):
                number += 1
                yield _row(number, spent)
            progress(month + 1)

    def _spent(self, month: int, chance: random.Random) -> Iterator[_Spent]:
        for day_of_month, amount, habit in _fixed(month):
            yield _Spent(_day(month, day_of_month), _decimal(amount, 2), self._currency, habit, habit.merchants[0])
        for habit in _HABITS:
            for _ in range(chance.randint(*habit.times)):
                day = _day(month, chance.randint(1, 31))
                amount = chance.randint(*habit.amount)
                merchant = chance.choice(habit.merchants)
                yield _Spent(day, _decimal(amount, 2), self._currency, habit, merchant)
                if habit.category == ("Clothes",) and chance.random() < 0.4:  # noqa: PLR2004  a share
                    back = _Habit(habit.category, (0, 0), (0, 0), habit.merchants, "Refund: did not fit", ("refund",))
                    yield _Spent(_day(month, 31), _decimal(-amount, 2), self._currency, back, merchant)
        for trip in _TRIPS:
            if trip[0] == month:
                yield from _journey(trip, chance)


def _journey(trip: tuple[int, str, int, float, str], chance: random.Random) -> Iterator[_Spent]:
    month, currency, decimals, factor, place = trip
    plans = (
        (3, 14000, ("Travel", "Trains & flights"), f"Express to {place} ✈️", ""),
        (4, 52000, ("Travel", "Hotels"), f"Hotel {place} 🏨", "4 nights"),
        (5, 3800, ("Travel", "Eating out"), f"Market hall, {place}", ""),
        (6, 5600, ("Travel", "Eating out"), f"Old Town Kitchen, {place} 🍲", ""),
        (7, 2400, ("Leisure", "Cinema & theatre"), f"Museum of {place}", "Two tickets"),
    )
    for day, size, category, merchant, description in plans:
        amount = round(size * factor * chance.uniform(0.8, 1.3) / 10 ** (2 - decimals))
        habit = _Habit(category, (1, 1), (0, 0), (merchant,), description, ("travel", place))
        yield _Spent(_day(month, day), _decimal(amount, decimals), currency, habit, merchant)


def _fixed(month: int) -> Iterator[tuple[int, int, _Habit]]:
    year = month // 12
    yield (
        1,
        118000 + 2500 * year,
        _Habit(("Housing", "Rent"), (1, 1), (0, 0), ("Hausverwaltung Grün",), "Rent", ("shared",)),
    )
    yield (
        5,
        6400 + 900 * (month % 12 in (0, 1, 2, 11)),
        _Habit(("Housing", "Electricity"), (1, 1), (0, 0), ("Stadtwerke ⚡",), "Instalment", ("shared",)),
    )
    yield 8, 3999, _Habit(("Housing", "Internet & phone"), (1, 1), (0, 0), ("FibreNet",), "", ("shared",))
    yield 12, 1299 + 200 * year, _Habit(("Leisure", "Streaming"), (1, 1), (0, 0), ("Filmothek+",), "Subscription")
    if month % 12 == 2:  # noqa: PLR2004  once a year
        yield (
            20,
            -8740,
            _Habit(
                ("Housing", "Electricity"),
                (1, 1),
                (0, 0),
                ("Stadtwerke ⚡",),
                "Refund of the year's bill",
                ("shared", "refund"),
            ),
        )


def _row(number: int, spent: _Spent) -> TransactionRow:
    draft = Draft(
        date=spent.day,
        amount=spent.amount,
        currency=spent.currency,
        merchant=spent.merchant,
        description=spent.habit.description,
        tags=spent.habit.tags,
    )
    return TransactionRow(line=number, draft=draft, category=spent.habit.category, key=f"{KEY_PREFIX}{number}")


def _month(index: int) -> tuple[int, int]:
    year, month = FIRST_MONTH
    months = year * 12 + month - 1 + index
    return months // 12, months % 12 + 1


def _day(index: int, day: int) -> date:
    year, month = _month(index)
    return date(year, month, min(day, monthrange(year, month)[1]))


def _decimal(amount: int, decimals: int) -> str:
    if not decimals:
        return str(amount)
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"
