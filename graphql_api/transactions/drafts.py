"""From a draft to a transaction: every field checked, every problem told at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphql_api.categories.store import live_category
from graphql_api.database.tables import DESCRIPTION_LENGTH, EXTERNAL_ID_LENGTH, MERCHANT_LENGTH
from graphql_api.ledgers.calendar import parse_date
from graphql_api.ledgers.errors import Code, Problems, Refused
from graphql_api.ledgers.model import UNSET
from graphql_api.ledgers.money import major_units, parse_amount, parse_currency
from graphql_api.ledgers.text import clean
from graphql_api.tags.store import clean_name, tags_named
from graphql_api.transactions.model import MOST_TAGS, Draft, Transaction

if TYPE_CHECKING:
    from graphql_api.database.book import Book


async def created(book: Book, draft: Draft) -> Transaction:
    """The transaction that a draft describes; tags that are new are created with it."""
    problems = Problems()
    if draft.date is UNSET or draft.date is None:
        with problems:
            raise Refused.because(Code.REQUIRED, "A transaction has a date.", "date")
    if draft.amount is UNSET or draft.amount is None:
        with problems:
            raise Refused.because(Code.REQUIRED, "A transaction has an amount.", "amount", "value")
    currency = book.ledger.currency if draft.currency in (UNSET, None) else draft.currency
    values = await _checked(book, replace(draft, currency=currency), problems)
    problems.check()
    return Transaction(ledger_id=book.ledger.id, id=0, **values)


async def patched(book: Book, before: Transaction, patch: Draft) -> Transaction:
    """The transaction with the fields that the patch sets."""
    problems = Problems()
    for name in ("date", "amount"):
        if getattr(patch, name) is None:
            with problems:
                raise Refused.because(Code.REQUIRED, f"A transaction has a {name}.", name)
    problems.check()
    if patch.currency is None:
        patch = replace(patch, currency=book.ledger.currency)
    if (patch.amount is UNSET) != (patch.currency is UNSET):
        # an amount means nothing without its currency: the one that is not given stays
        amount = major_units(before.amount_minor, before.currency) if patch.amount is UNSET else patch.amount
        currency = before.currency if patch.currency is UNSET else patch.currency
        patch = replace(patch, amount=amount, currency=currency)
    values = await _checked(book, patch, problems)
    problems.check()
    return replace(before, **values)


async def _checked(book: Book, draft: Draft, problems: Problems) -> dict[str, Any]:
    values = _checked_money(draft, problems) | _checked_text(draft, problems)
    if draft.date not in (UNSET, None):
        with problems:
            values["date"] = parse_date(draft.date, "date")
    if draft.category_id is not UNSET:
        with problems:
            if draft.category_id is not None:
                await live_category(book, draft.category_id, "categoryId")
            values["category_id"] = draft.category_id
    if draft.tags is not UNSET:
        names: list[str] = []
        with problems:
            names = _tag_names(draft.tags or ())
        if not problems.found:  # new tags are made last, when nothing else can be refused for the draft
            values["tag_ids"] = await tags_named(book, names)
    return values


def _checked_money(draft: Draft, problems: Problems) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if draft.currency is not UNSET:
        with problems:
            values["currency"] = parse_currency(draft.currency, "amount", "currency")
    if draft.amount not in (UNSET, None) and "currency" in values:
        with problems:
            values["amount_minor"] = parse_amount(draft.amount, values["currency"], "amount", "value")
    return values


def _checked_text(draft: Draft, problems: Problems) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if draft.merchant is not UNSET:
        with problems:
            values["merchant"] = clean(draft.merchant, "merchant", longest=MERCHANT_LENGTH)
    if draft.description is not UNSET:
        with problems:
            values["description"] = clean(draft.description, "description", longest=DESCRIPTION_LENGTH, multiline=True)
    if draft.external_id is not UNSET:
        with problems:
            values["external_id"] = clean(draft.external_id, "externalId", longest=EXTERNAL_ID_LENGTH) or None
    return values


def _tag_names(names: Any) -> list[str]:
    if isinstance(names, str) or len(names) > MOST_TAGS:
        raise Refused.because(Code.TOO_LONG, f"A transaction has a list of at most {MOST_TAGS} tags.", "tags")
    problems = Problems()
    cleaned: list[str] = []
    for position, name in enumerate(names):
        with problems:
            cleaned.append(clean_name(name, "tags", position))
    problems.check()
    return cleaned
