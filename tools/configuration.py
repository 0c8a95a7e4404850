"""Keeps the table of settings in docs/configuration.md the same as the code's.

Usage: python -m tools.configuration write|check
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import SecretStr

from graphql_api.settings import PREFIX, Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"
BEGIN = "<!-- settings: written by python -m tools.configuration write -->"
END = "<!-- end of settings -->"


def table() -> str:
    """All settings as a Markdown table."""
    rows = ["| Variable | Default | Takes | Meaning |", "| --- | --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        cells = [f"`{PREFIX}{name.upper()}`", _default(field), _takes(field), field.description or ""]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def page(text: str) -> str:
    """The page with the present table in place of the one it holds."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, list):
        value = ",".join(value) or None
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`" if value is not None else "none"


def _takes(field: FieldInfo) -> str:
    bounds = {name: getattr(one, name) for one in field.metadata for name in ("ge", "gt", "le") if hasattr(one, name)}
    if field.annotation is bool:
        return "true or false"
    if get_origin(field.annotation) is Literal:
        return ", ".join(map(str, get_args(field.annotation)))
    if not bounds:
        return "list" if get_origin(field.annotation) is list else "text"
    low = f"over {_number(bounds['gt'])}" if "gt" in bounds else _number(bounds["ge"])
    return f"{low} to {_number(bounds['le'])}"


def _number(value: Any) -> str:
    return f"{value:,}"


def main(arguments: list[str]) -> int:
    """Write the page, or tell whether it is up to date."""
    if arguments not in (["write"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    present = PAGE.read_text()
    wanted = page(present)
    if arguments == ["write"]:
        PAGE.write_text(wanted)
    elif present != wanted:
        print(f"{PAGE.name} is out of date: run python -m tools.configuration write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
