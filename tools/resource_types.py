#!/usr/bin/env python3
"""Lists the resource types that modules/ declare and no plan makes, in docs/infrastructure.md.

tools/resource_types.py write .cache/plans   writes the list between its two marks in the page
tools/resource_types.py check .cache/plans   exits with 1 where the page lists something else

``make test-infra`` leaves the plans there, one JSON file a unit, as Terraform writes them.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "infrastructure.md"
BEGIN, END = "<!-- types: made by tools/resource_types.py -->", "<!-- end of types -->"


def declared() -> dict[str, set[str]]:
    """Return the modules that declare each resource type."""
    found: dict[str, set[str]] = {}
    for file in sorted(ROOT.glob("modules/*/*.tf")):
        for kind in re.findall(r'^resource "(\w+)"', file.read_text(), re.MULTILINE):
            found.setdefault(kind, set()).add(file.parent.name)
    return found


def _types(module: dict[str, Any]) -> Iterator[str]:
    yield from (row["type"] for row in module.get("resources", []) if row["mode"] == "managed")
    for child in module.get("child_modules", []):
        yield from _types(child)


def planned(plans: Path) -> set[str]:
    """Return the types of which at least one unit makes one."""
    return {
        kind
        for file in plans.rglob("*.json")
        for kind in _types(json.loads(file.read_text())["planned_values"]["root_module"])
    }


def table(plans: Path) -> str:
    """Return the list as Markdown."""
    made = planned(plans)
    rows = [f"| `{kind}` | {', '.join(sorted(own))} |" for kind, own in sorted(declared().items()) if kind not in made]
    return "\n".join(["| resource type | module |", "| --- | --- |", *rows])


def main(arguments: list[str]) -> int:
    """Write or check the page and return the exit code."""
    if len(arguments) != 2 or arguments[0] not in ("write", "check"):  # noqa: PLR2004 - two arguments
        print("usage: tools/resource_types.py write|check <folder of plans>", file=sys.stderr)
        return 2
    page = PAGE.read_text()
    text = f"{page.split(BEGIN)[0]}{BEGIN}\n{table(Path(arguments[1]))}\n{END}{page.split(END)[1]}"
    if arguments[0] == "write":
        PAGE.write_text(text)
    elif text != page:
        print("docs/infrastructure.md lists other types: run make docs-infra", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
