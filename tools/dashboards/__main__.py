"""Write the dashboards, or check that the files are what the code makes."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from tools.dashboards.all import DASHBOARDS

FOLDER = Path(__file__).parents[2] / "helm" / "files" / "dashboards"


def main() -> int:
    """Do as asked."""
    parser = ArgumentParser(description="Grafana's dashboards.")
    parser.add_argument("task", choices=["write", "check"])
    task = parser.parse_args().task
    made = {FOLDER / f"{dashboard.uid}.json": dashboard.to_json() for dashboard in DASHBOARDS}
    if task == "write":
        FOLDER.mkdir(parents=True, exist_ok=True)
        for file, text in made.items():
            file.write_text(text)
        return 0
    there = {file: file.read_text() for file in FOLDER.glob("*.json")}
    differ = sorted(file.name for file in made.keys() | there.keys() if made.get(file) != there.get(file))
    if differ:
        print(f"not what the code makes: {', '.join(differ)}; run `make dashboards`", file=sys.stderr)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
