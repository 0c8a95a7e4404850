"""Which column of a CSV file means what. Kept as a profile, under the names of the command's flags."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.money import parse_currency
from graphql_api.transfers.values import check_date_format

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf

COLUMNS = ("date", "amount", "currency", "merchant", "description", "category", "tags")
"""The fields that are read from one column each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Names of columns, and how their values are written. None: not said, so a default or a guess is taken.

    `key` are the columns that together name a row. `skip_when` are conditions Column=value or Column!=value.
    `escapes` and `guarded` are true of this program's own export only.
    """

    date: str | None = None
    amount: str | None = None
    currency: str | None = None
    merchant: str | None = None
    description: str | None = None
    category: str | None = None
    tags: str | None = None
    key: tuple[str, ...] | None = None
    key_prefix: str | None = None
    currency_code: str | None = None
    category_separator: str | None = None
    tags_separator: str | None = None
    date_format: str | None = None
    decimal_comma: bool | None = None
    negate: bool | None = None
    skip_when: tuple[str, ...] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    escapes: bool = False
    guarded: bool = False

    def over(self, other: Mapping) -> Mapping:
        """This mapping, and what it leaves open as the other has it."""
        given = {name: value for name, value in self._public() if value is not None}
        return replace(other, **given)

    def check(self) -> None:
        """Refuse values that no file could make right."""
        if self.currency_code is not None:
            parse_currency(self.currency_code, "currency-code")
            if self.currency is not None:
                _refuse("currency-code", "Give --currency, a column, or --currency-code, not both.")
        if self.date_format is not None:
            check_date_format(self.date_format)
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '\r\n"'):
            _refuse("delimiter", "A delimiter is one character, such as ; or tab.")
        if self.encoding is not None:
            try:
                b" ".decode(self.encoding)  # nothing at all would not be looked up
            except UnicodeDecodeError:
                pass  # half a character of a wide encoding
            except LookupError:
                _refuse("encoding", f"{self.encoding!r} is no encoding that Python knows.")
        for condition in self.skip_when or ():
            skip_condition(condition)

    def to_profile(self) -> dict[str, Any]:
        """The table of a profile file."""
        table = {name.replace("_", "-"): value for name, value in self._public() if value is not None}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in table.items()}

    @classmethod
    def from_profile(cls, table: MappingOf[str, Any], where: str) -> Mapping:
        """The mapping of a profile file. Refuses names and types that it does not know; `where` names the file."""
        values: dict[str, Any] = {}
        for name, value in table.items():
            field_name = name.replace("-", "_")
            if field_name not in _PUBLIC:
                _refuse(name, f"{where}: there is no setting {name!r}: it is one of {', '.join(sorted(_FLAGS))}.")
            values[field_name] = _typed(field_name, value, f"{where}: {name}")
        return cls(**values)

    def _public(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name)) for name in _PUBLIC]


_PUBLIC = [item.name for item in fields(Mapping) if item.name not in ("escapes", "guarded")]
_FLAGS = [name.replace("_", "-") for name in _PUBLIC]
_LISTS = ("key", "skip_when")
_SWITCHES = ("decimal_comma", "negate")


def skip_condition(text: str) -> tuple[str, str, bool]:
    """A condition's column, value, and whether it holds where they are equal."""
    column, equals, value = text.partition("=")
    if not equals or not column.strip(" !"):
        _refuse("skip-when", f"{text!r} is no condition such as 'Cancelled=*' or 'Status!=Booked'.")
    return column.removesuffix("!").strip(), value.strip(), not column.endswith("!")


def _typed(name: str, value: Any, where: str) -> Any:
    if name in _LISTS:
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
            _refuse(name, f"{where} takes a list of texts.")
        return tuple(listed)
    if name in _SWITCHES:
        if not isinstance(value, bool):
            _refuse(name, f"{where} takes true or false.")
    elif not isinstance(value, str):
        _refuse(name, f"{where} takes a text.")
    return value


def _refuse(name: str, message: str) -> None:
    raise Refused.because(Code.INVALID, message, name)
