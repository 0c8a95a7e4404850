"""Guessing which column is which from the names that are obvious, and asking where they are not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from graphql_api.ledgers.errors import Code, Refused
from graphql_api.transfers.mapping import COLUMNS, Mapping, skip_condition

if TYPE_CHECKING:
    from collections.abc import Sequence

EXPORTED = ("key", "date", "amount", "currency", "merchant", "description", "category", "tags", "deleted")
"""The header of this program's own CSV; `deleted` stands in it only if deleted transactions do."""

CATEGORY_SEPARATOR = "/"
TAGS_SEPARATOR = ","

OWN = Mapping(
    date="date",
    amount="amount",
    currency="currency",
    merchant="merchant",
    description="description",
    category="category",
    tags="tags",
    key=("key",),
    category_separator=CATEGORY_SEPARATOR,
    tags_separator=TAGS_SEPARATOR,
    escapes=True,
    guarded=True,
)
"""How this program's own CSV is read back."""

# the plain name first; otherwise whatever column holds one of the words, if it is the only one
_NAMES: dict[str, tuple[str, ...]] = {
    "date": ("date", "datum", "fecha", "data"),
    "amount": ("amount", "betrag", "montant", "importe", "importo"),
    "currency": ("currency", "currency code", "ccy", "waehrung", "währung", "devise"),
    "merchant": ("merchant", "payee", "supplier", "vendor", "counterparty", "shop", "store", "name"),
    "description": ("description", "memo", "note", "notes", "details", "purpose"),
    "category": ("category", "kategorie"),
    "tags": ("tags", "labels"),
}
_BY_WORD = ("date", "amount")
_CANCELLED = ("cancelled", "canceled")


def complete(given: Mapping, header: Sequence[str]) -> Mapping:
    """The mapping with what it leaves open guessed from the header. Refuses what is missing or could be several."""
    if is_own(header):
        return given.over(OWN)
    guessed: dict[str, Any] = {}
    for name in COLUMNS:
        if getattr(given, name) is None and not (name == "currency" and given.currency_code is not None):
            guessed[name] = _guess(name, header)
    mapping = replace(given, **guessed)
    _check_columns(mapping, header)
    return mapping


def is_own(header: Sequence[str]) -> bool:
    """Whether a header is that of this program's own export."""
    return tuple(header) in (EXPORTED, EXPORTED[:-1])


def notes(mapping: Mapping, header: Sequence[str]) -> list[str]:
    """What a caller may want to know about what was understood."""
    found = []
    told = {skip_condition(condition)[0] for condition in mapping.skip_when or ()}
    for column in header:
        if _plain(column) in _CANCELLED and column not in told:
            advice = f"--skip-when '{column}=VALUE'"
            found.append(f"All rows are taken, whatever stands in {column!r}: leave some out with {advice}.")
    if mapping.key is None:
        found.append(
            "Rows are recognised by their content. If columns name a row, --key COLUMN lets changed rows be found."
        )
    return found


def _guess(name: str, header: Sequence[str]) -> str | None:
    plain = [_plain(column) for column in header]
    for wanted in _NAMES[name]:
        if plain.count(wanted) == 1:
            return header[plain.index(wanted)]
    if name not in _BY_WORD:
        return None
    words = set(_NAMES[name])
    candidates = [column for column, text in zip(header, plain, strict=True) if words.intersection(text.split())]
    if len(candidates) > 1:
        listed = ", ".join(repr(column) for column in candidates)
        _refuse(name, f"Several columns may be the {name}: {listed}. Say which with --{name} COLUMN.")
    return candidates[0] if candidates else None


def _check_columns(mapping: Mapping, header: Sequence[str]) -> None:
    for name in ("date", "amount"):
        if getattr(mapping, name) is None:
            _refuse(name, f"No column is plainly the {name}: say which with --{name} COLUMN, of {_listed(header)}.")
    used = [(name, getattr(mapping, name)) for name in COLUMNS if getattr(mapping, name) is not None]
    used += [("key", column) for column in mapping.key or ()]
    used += [("skip-when", skip_condition(condition)[0]) for condition in mapping.skip_when or ()]
    for name, column in used:
        count = header.count(column)
        if count != 1:
            told = "There is no column" if count == 0 else "There are several columns"
            _refuse(name, f"--{name}: {told} {column!r}; the file has {_listed(header)}.")


def _listed(header: Sequence[str]) -> str:
    return ", ".join(repr(column) for column in header)


def _plain(column: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", column.casefold()).split())


def _refuse(name: str, message: str) -> NoReturn:
    raise Refused.because(Code.INVALID, message, name)
