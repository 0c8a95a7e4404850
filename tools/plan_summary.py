"""Tell what Terraform's plans of one environment would change, as Markdown.

    python3 tools/plan_summary.py ENVIRONMENT FOLDER

The folder holds a plan as JSON for each unit, as `terragrunt run --all --json-out-dir` leaves them. Values are
never shown: a comment is read by more people than a state is.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WORDS = {
    ("create",): "create",
    ("update",): "change in place",
    ("delete",): "**destroy**",
    ("delete", "create"): "**replace** (destroyed first)",
    ("create", "delete"): "**replace** (made first)",
    ("forget",): "forget",
}


def changes(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what would be done to which address; what is only read or left as it is, is left out."""
    for row in plan.get("resource_changes", []):
        word = WORDS.get(tuple(row["change"]["actions"]))
        if word:
            yield word, row["address"]


def summary(environment: str, folder: Path) -> str:
    """Return the page of the plans in a folder.

    Raises:
        LookupError: if there is no plan: nothing was planned, which must not look like no change.
    """
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise LookupError(f"no plan in {folder}")
    lines: list[str] = []
    for file in files:
        found = list(changes(json.loads(file.read_text())))
        unit = file.parent.relative_to(folder).name
        lines += [f"| `{unit}` | {word} | `{address}` |" for word, address in found]
    head = f"### Plan of {environment}: {len(lines) or 'no'} change{'' if len(lines) == 1 else 's'}\n"
    table = ["", "| unit | action | resource |", "| --- | --- | --- |", *lines] if lines else []
    return "\n".join([head, f"{len(files)} units planned.", *table]) + "\n"


def main() -> int:
    """Print the page."""
    parser = ArgumentParser(description="Tell what Terraform's plans of one environment would change.")
    parser.add_argument("environment")
    parser.add_argument("folder", type=Path, help="with a plan as JSON for each unit")
    given = parser.parse_args()
    try:
        print(summary(given.environment, given.folder), end="")
    except LookupError as error:
        print(f"tools/plan_summary.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
