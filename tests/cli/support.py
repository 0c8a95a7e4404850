"""Running `expense` as a user does: a process of its own, an environment, two streams and an exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"
SECONDS = 120


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """A folder to stand in and the settings that are given."""

    folder: Path
    settings: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """The machine's own without any EXPENSE_ variable, and the settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("EXPENSE_")}
        return {**kept, "EXPENSE_PROFILES_DIR": str(self.folder / "profiles"), "COLUMNS": "200", **self.settings}

    def command(self, *words: str) -> list[str]:
        """The words of a command."""
        return [sys.executable, "-m", "graphql_api", *words]

    def run(self, *words: str, given: str = "", **settings: str) -> Ended:
        """Run a command to its end."""
        ended = subprocess.run(  # noqa: S603  our own program
            self.command(*words),
            input=given.encode(),
            capture_output=True,
            cwd=self.folder,
            env={**self.environment, **settings},
            timeout=SECONDS,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())
