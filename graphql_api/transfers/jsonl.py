"""This program's own JSON Lines: a whole ledger, one object a line. Export writes it, import reads it back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import jiter

from graphql_api.ledgers.errors import Code, Refused
from graphql_api.transactions.model import Draft
from graphql_api.transfers.keys import parse_number
from graphql_api.transfers.rows import (
    BadRow,
    BudgetRow,
    CategoryRow,
    Row,
    RowProblem,
    TagRow,
    TransactionRow,
    shortened,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FORMAT = "expense-ledger/1"
"""What the first line names; another number would mean a form that this version does not read."""

LONGEST_LINE = 2**20
"""Bytes of one object."""

_FIELDS = {
    "ledger": {"type", "format", "name", "currency", "version", "origin"},
    "category": {"type", "path"},
    "tag": {"type", "name"},
    "budget": {"type", "month", "category", "amount", "currency"},
    "transaction": {
        "type",
        "key",
        "date",
        "amount",
        "currency",
        "merchant",
        "description",
        "category",
        "tags",
        "deleted",
    },
}


class _WrongError(Exception):
    def __init__(self, column: str, value: object, reason: str) -> None:
        self.column, self.value, self.reason = column, value, reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class JsonlSource:
    """A file of JSON Lines."""

    path: Path
    size: int

    @classmethod
    def open(cls, path: Path) -> JsonlSource:
        """A file by its path."""
        return cls(path, path.stat().st_size)

    def rows(self, progress: Callable[[int], None]) -> Iterator[Row]:
        """All objects but the ledger's own, which the file begins with."""
        try:
            with self.path.open("rb") as file:
                number = 0
                while line := file.readline(LONGEST_LINE + 1):
                    number += 1
                    progress(file.tell())
                    if not line.strip():
                        continue
                    row = _row(number, line)
                    if row is not None:
                        yield row
                    if len(line) > LONGEST_LINE:
                        return  # where the next object begins is not known
        except OSError as error:
            message = f"{self.path} cannot be read: {error.strerror or error}."
            raise Refused.because(Code.NOT_FOUND, message, "file") from error


def _row(number: int, line: bytes) -> Row | None:
    try:
        if len(line) > LONGEST_LINE:
            _wrong("", "", f"The line is longer than {LONGEST_LINE:,} bytes; what follows it was not read.")
        item = _parsed(line)
        return _READERS[_kind(item)](number, item)
    except _WrongError as wrong:
        shown = shortened(wrong.value) if isinstance(wrong.value, str) else ""
        return BadRow((RowProblem(number, wrong.column, shown, wrong.reason, Code.INVALID.name),))


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        item = jiter.from_json(
            line, allow_inf_nan=False, float_mode="decimal", catch_duplicate_keys=True, cache_mode="none"
        )
    except ValueError as error:
        _wrong("", "", f"The line is not a JSON object: {error}.")
    if not isinstance(item, dict):
        _wrong("", "", "The line is not a JSON object.")
    return item


def _kind(item: dict[str, Any]) -> str:
    kind = item.get("type")
    if not isinstance(kind, str) or kind not in _FIELDS:
        _wrong("type", kind, f"type is one of {', '.join(_FIELDS)}.")
    unknown = sorted(set(item) - _FIELDS[kind])
    if unknown:
        _wrong(unknown[0], "", f"There is no such field in a {kind}.")
    return kind


def _ledger(number: int, item: dict[str, Any]) -> Row | None:
    if number != 1:
        _wrong("type", "ledger", "The ledger stands on the first line only.")
    if item.get("format") != FORMAT:
        message = f"The file's format is {item.get('format')!r}, and this version reads {FORMAT!r}."
        raise Refused.because(Code.INVALID, message, "format")
    return None


def _category(number: int, item: dict[str, Any]) -> Row:
    path = _path(item, "path")
    if not path:
        _wrong("path", "", "A category's path has at least one name.")
    return CategoryRow(number, path)


def _tag(number: int, item: dict[str, Any]) -> Row:
    return TagRow(number, _text(item, "name", required=True))


def _budget(number: int, item: dict[str, Any]) -> Row:
    category = _path(item, "category") if item.get("category") is not None else None
    texts = {name: _text(item, name, required=True) for name in ("month", "amount", "currency")}
    return BudgetRow(number, category=category, **texts)


def _transaction(number: int, item: dict[str, Any]) -> Row:
    texts: dict[str, Any] = {name: _text(item, name, required=True) for name in ("date", "amount", "currency")}
    tags = item.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        _wrong("tags", tags, "tags is a list of texts.")
    deleted = item.get("deleted", False)
    if not isinstance(deleted, bool):
        _wrong("deleted", deleted, "deleted is true or false.")
    key = _text(item, "key", required=True) if "key" in item else None
    texts |= {name: _text(item, name) for name in ("merchant", "description")}
    return TransactionRow(
        line=number,
        draft=Draft(tags=tuple(tags), **texts),
        category=_path(item, "category") if item.get("category") is not None else (),
        key=key,
        content=json.dumps(item, sort_keys=True, default=str),
        number=parse_number(key) if key is not None else None,
        deleted=deleted,
        cells={**{name: (name, text) for name, text in texts.items()}, "key": ("key", key or "")},
    )


def _path(item: dict[str, Any], name: str) -> tuple[str, ...]:
    path = item.get(name)
    if not isinstance(path, list) or not all(isinstance(part, str) for part in path):
        _wrong(name, path, f"{name} is the list of a category's names from the top.")
    return tuple(path)


def _text(item: dict[str, Any], name: str, *, required: bool = False) -> str:
    value = item.get(name, "")
    if not isinstance(value, str):
        _wrong(name, "", f"{name} is a text.")
    if required and not value.strip():
        _wrong(name, value, f"{name} must not be empty.")
    return value


def _wrong(column: str, value: object, reason: str) -> NoReturn:
    raise _WrongError(column, value, reason)


_READERS: dict[str, Callable[[int, dict[str, Any]], Row | None]] = {
    "ledger": _ledger,
    "category": _category,
    "tag": _tag,
    "budget": _budget,
    "transaction": _transaction,
}
