"""An export as text: CSV for spreadsheets, JSON Lines for another ledger."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from graphql_api.ledgers.calendar import first_of
from graphql_api.transfers.detect import CATEGORY_SEPARATOR, EXPORTED, TAGS_SEPARATOR
from graphql_api.transfers.guard import guarded
from graphql_api.transfers.jsonl import FORMAT
from graphql_api.transfers.lists import joined

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graphql_api.transactions.model import Transaction
    from graphql_api.transfers.exporter import Export


async def csv_text(export: Export, *, with_deleted: bool) -> AsyncIterator[tuple[str, int]]:
    """The lines of a CSV file (RFC 4180), each with how many transactions it holds."""
    header = EXPORTED if with_deleted else EXPORTED[:-1]
    yield _csv_line(list(header)), 0
    async for transaction in export.transactions():
        cells = [
            guarded(export.key(transaction)),
            transaction.date.isoformat(),
            f"{transaction.money.value:f}",
            transaction.currency,
            guarded(transaction.merchant),
            guarded(transaction.description),
            guarded(joined(export.path(transaction.category_id) or (), CATEGORY_SEPARATOR)),
            guarded(joined(tuple(export.tag_names(transaction)), TAGS_SEPARATOR)),
        ]
        if with_deleted:
            cells.append("true" if transaction.deleted else "false")
        yield _csv_line(cells), 1


async def jsonl_text(export: Export) -> AsyncIterator[tuple[str, int]]:
    """The lines of a JSON Lines file, each with how many transactions it holds.

    Categories, tags and budgets are there if all of the ledger is.
    """
    ledger = export.ledger
    yield (
        _json_line(
            {
                "type": "ledger",
                "format": FORMAT,
                "name": ledger.name,
                "currency": ledger.currency,
                "version": ledger.version,
                "origin": export.origin,
            }
        ),
        0,
    )
    if export.whole:
        for path in sorted(export.paths.values()):
            yield _json_line({"type": "category", "path": path}), 0
        for name in sorted(export.tags.values()):
            yield _json_line({"type": "tag", "name": name}), 0
        for budget in await export.budgets():
            item = {
                "type": "budget",
                "month": f"{first_of(budget.month):%Y-%m}",
                "category": export.path(budget.category_id),
                "amount": f"{budget.money.value:f}",
                "currency": budget.currency,
            }
            yield _json_line(item), 0
    async for transaction in export.transactions():
        yield _json_line(_transaction(export, transaction)), 1


def _transaction(export: Export, transaction: Transaction) -> dict[str, Any]:
    item = {
        "type": "transaction",
        "key": export.key(transaction),
        "date": transaction.date.isoformat(),
        "amount": f"{transaction.money.value:f}",
        "currency": transaction.currency,
        "merchant": transaction.merchant,
        "description": transaction.description,
        "category": export.path(transaction.category_id),
        "tags": export.tag_names(transaction),
    }
    return {**item, "deleted": True} if transaction.deleted else item


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _json_line(item: dict[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n"
