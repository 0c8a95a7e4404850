"""The rows of a CSV file as transactions, by a mapping."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import UNSET, Unset
from graphql_api.transactions.model import Draft
from graphql_api.transfers.csv_file import CsvFile, Record
from graphql_api.transfers.detect import EXPORTED, TAGS_SEPARATOR, complete
from graphql_api.transfers.guard import unguarded
from graphql_api.transfers.keys import parse_number
from graphql_api.transfers.lists import joined, parts_of
from graphql_api.transfers.mapping import COLUMNS, Mapping, skip_condition
from graphql_api.transfers.rows import BadRow, Cells, Row, RowProblem, SkippedRow, TransactionRow, shortened
from graphql_api.transfers.values import amount_hint, amount_text, parse_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

KEY_SEPARATOR = "/"
"""Between the columns of a key that has several."""


@dataclass(frozen=True, slots=True)
class CsvSource:
    """A CSV file and how it is read."""

    file: CsvFile
    mapping: Mapping
    size: int

    @classmethod
    def open(cls, path: Path, given: Mapping) -> CsvSource:
        """Read the header and complete the mapping. Refused where that is impossible."""
        given.check()
        file = CsvFile.open(path, encoding=given.encoding, delimiter=given.delimiter)
        return cls(file, complete(given, file.header), path.stat().st_size)

    def rows(self, progress: Callable[[int], None]) -> Iterator[Row]:
        """All rows of the file but its header."""
        reader = _Reader(self.mapping, self.file.header)
        for record in self.file.records(progress):
            yield reader.row(record)


class _Reader:
    def __init__(self, mapping: Mapping, header: tuple[str, ...]) -> None:
        self._mapping = mapping
        self._header = header
        self._places = {
            name: header.index(column) for name in COLUMNS if (column := getattr(mapping, name)) is not None
        }
        self._keys = [header.index(column) for column in mapping.key or ()]
        self._deleted = header.index(EXPORTED[-1]) if mapping.guarded and EXPORTED[-1] in header else None
        self._skips = []
        for condition in mapping.skip_when or ():
            column, value, equal = skip_condition(condition)
            self._skips.append((header.index(column), value, equal))

    def row(self, record: Record) -> Row:
        if record.error:
            return BadRow((RowProblem(record.line, "", "", record.error, Code.INVALID.name),))
        if len(record.cells) != len(self._header):
            reason = f"The row has {len(record.cells)} cells, but the header names {len(self._header)}."
            first = record.cells[0] if record.cells else ""
            return BadRow((RowProblem(record.line, "", shortened(first), reason, Code.INVALID.name),))
        if any((record.cells[place].strip() == value) == equal for place, value, equal in self._skips):
            return SkippedRow(record.line)
        return self._transaction(record)

    def _transaction(self, record: Record) -> Row:
        mapping = self._mapping
        cells = {name: (self._header[place], record.cells[place]) for name, place in self._places.items()}
        problems: list[RowProblem] = []
        day: date | str = ""
        try:
            day = parse_day(cells["date"][1], mapping.date_format)
        except Refused as refusal:
            column, value = cells["date"]
            problems.append(RowProblem(record.line, column, shortened(value), str(refusal), Code.DATE_INVALID.name))
        key = self._key(record)
        if key == "":
            named = " + ".join(mapping.key or ())
            problems.append(RowProblem(record.line, named, "", "The row's key is empty.", Code.REQUIRED.name))
        amount = cells["amount"][1]
        comma = bool(mapping.decimal_comma)
        hint = amount_hint(amount, decimal_comma=comma)
        if hint:
            column, value = cells["amount"]
            reason = f"The amount is not a decimal number.{hint}"
            problems.append(RowProblem(record.line, column, shortened(value), reason, Code.AMOUNT_INVALID.name))
        if problems:
            return BadRow(tuple(problems))
        if mapping.key is not None:
            cells["key"] = (" + ".join(mapping.key), key or "")
        number = parse_number(key) if mapping.guarded and key is not None else None
        return TransactionRow(
            line=record.line,
            draft=Draft(
                date=day,
                amount=amount_text(amount, decimal_comma=comma, negate=bool(mapping.negate)),
                currency=self._currency(cells),
                merchant=self._text(cells, "merchant"),
                description=self._text(cells, "description"),
                tags=self._tags(cells),
            ),
            category=self._category(cells),
            key=key,
            content=self._content(record) if key is None else "",
            number=number,
            deleted=self._is_deleted(record),
            cells=cells,
        )

    def _currency(self, cells: Cells) -> str | None:
        if "currency" in cells:
            return cells["currency"][1].strip().upper() or None
        return self._mapping.currency_code

    def _text(self, cells: Cells, name: str) -> str | Unset:
        if name not in cells:
            return UNSET
        value = cells[name][1]
        return unguarded(value) if self._mapping.guarded else value

    def _tags(self, cells: Cells) -> tuple[str, ...] | Unset:
        text = self._text(cells, "tags")
        if text is UNSET:
            return UNSET
        separator = self._mapping.tags_separator or TAGS_SEPARATOR
        return parts_of(text, separator, escapes=self._mapping.escapes)

    def _category(self, cells: Cells) -> tuple[str, ...] | None:
        text = self._text(cells, "category")
        if text is UNSET:
            return None
        return parts_of(text, self._mapping.category_separator or "", escapes=self._mapping.escapes)

    def _key(self, record: Record) -> str | None:
        if self._mapping.key is None:
            return None
        values = tuple(record.cells[place].strip() for place in self._keys)
        if not any(values):
            return ""
        if self._mapping.guarded:
            return unguarded(values[0])
        key = joined(values, KEY_SEPARATOR) if len(values) > 1 else values[0]
        return f"{self._mapping.key_prefix or ''}{key}"

    def _content(self, record: Record) -> str:
        """The row whatever the order of its columns."""
        pairs = sorted(
            (name, unicodedata.normalize("NFC", cell.strip()))
            for name, cell in zip(self._header, record.cells, strict=True)
            if cell.strip()
        )
        return json.dumps(pairs, ensure_ascii=True)

    def _is_deleted(self, record: Record) -> bool:
        return self._deleted is not None and record.cells[self._deleted] == "true"
