"""JSON text in which a `Decimal` is a number, digit for digit: the standard encoder knows floats only."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

_quoted = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def json_text(value: Any) -> str:  # noqa: PLR0911  a return for each kind of value
    """Compact JSON of dataclasses, mappings, lists, dates, decimals and what the standard encoder takes."""
    match value:
        case str():
            return _quoted(value)
        case Decimal():
            return format(value, "f")
        case dict():
            return "{" + ",".join([f"{_quoted(str(key))}:{json_text(item)}" for key, item in value.items()]) + "}"
        case list() | tuple():
            return "[" + ",".join([json_text(item) for item in value]) + "]"
        case date():
            return _quoted(value.isoformat())
        case _ if is_dataclass(value):
            items = [f"{key}:{json_text(getattr(value, name))}" for name, key in _keys(value.__class__)]
            return "{" + ",".join(items) + "}"
        case _:
            return _quoted(value)


@cache
def _keys(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, _quoted(field.name)) for field in fields(kind))


def canonical_json(value: Any) -> str | None:
    """A text that two values of `parse_json` share only if they are alike; None for numbers too long to be written."""
    try:
        return _canonical(value)
    except TypeError:
        return json_text(_sorted(value))  # it holds decimals
    except ValueError:
        return None


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
