#!/usr/bin/env python3
"""Draws which unit needs which into docs/architecture-infrastructure.md, from the dependency blocks.

tools/graph.py write   writes the drawing between its two marks in the page
tools/graph.py check   exits with 1 where the page shows something else
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIVE = ROOT / "live"
PAGE = ROOT / "docs" / "architecture-infrastructure.md"
BEGIN, END = "<!-- graph: made by tools/graph.py -->", "<!-- end of graph -->"


def dependencies(unit: Path) -> set[Path]:
    """Return the folders of the units that the unit in the folder ``unit`` depends on.

    Raises:
        FileNotFoundError: A dependency names a folder that holds no unit.
    """
    found = set()
    for shared in re.findall(r'find_in_parent_folders\("(_env/[^"]+)"\)', (unit / "terragrunt.hcl").read_text()):
        for path in re.findall(r'config_path += "([^"]+)"', (LIVE / shared).read_text()):
            relative = path.replace("${dirname(local.organisation)}", str(LIVE))
            target = (unit / relative.replace("${local.region.region}", unit.parents[1].name)).resolve()
            if not (target / "terragrunt.hcl").is_file():
                raise FileNotFoundError(f"{unit.relative_to(LIVE)} depends on {target}, which is no unit")
            found.add(target)
    return found


def edges() -> set[tuple[str, str]]:
    """Return (unit, unit it depends on), both as paths from live/."""
    units = [file.parent for file in LIVE.glob("*/*/*/*/terragrunt.hcl")]
    return {
        (str(unit.relative_to(LIVE)), str(needed.relative_to(LIVE))) for unit in units for needed in dependencies(unit)
    }


def _name(unit: str) -> str:
    account, _, environment, name = unit.split("/")
    return f"{account}_{environment}_{name}".replace("-", "_")


def drawing() -> str:
    """Return the graph as Mermaid: the accounts' own units, and prod's for every environment's."""
    shown = ("nonprod/us-east-1/account", "prod/us-east-1/account", "prod/us-east-1/prod")
    titles = ("account nonprod", "account prod", "environment prod (dev and staging have the same units)")
    arrows = sorted(edge for edge in edges() if edge[0].startswith(shown))
    lines = ["```mermaid", "flowchart BT"]
    for folder, title in zip(shown, titles, strict=True):
        names = sorted(child.name for child in (LIVE / folder).iterdir() if child.is_dir())
        lines.append(f'  subgraph {folder.replace("/", "_").replace("-", "_")}["{title}"]')
        lines += [f'    {_name(f"{folder}/{name}")}["{name}"]' for name in names]
        lines.append("  end")
    lines += [f"  {_name(unit)} --> {_name(needed)}" for unit, needed in arrows]
    return "\n".join([*lines, "```"])


def main(arguments: list[str]) -> int:
    """Write or check the page and return the exit code."""
    if arguments not in (["write"], ["check"]):
        print("usage: tools/graph.py write|check", file=sys.stderr)
        return 2
    page = PAGE.read_text()
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    text = f"{before}{BEGIN}\n{drawing()}\n{END}{after}"
    if arguments == ["write"]:
        PAGE.write_text(text)
    elif text != page:
        print("docs/architecture-infrastructure.md shows another graph: run make docs-infra", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
