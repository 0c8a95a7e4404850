"""The reference clients, run by Node as their users run them."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.servers.outcomes import not_run

ROOT = Path(__file__).parents[2]
CLIENTS = Path(__file__).parent / "clients"


@functools.cache
def node(folder: Path = CLIENTS) -> str | None:
    """The program, with what a folder's lock file names installed there; None where that cannot be done."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        return None
    done = subprocess.run([ROOT / "tools" / "clients", folder.relative_to(ROOT)], check=False)  # noqa: S603  our own script
    return found if done.returncode == 0 else None


def run_client(script: str, *arguments: str, seconds: float = 120) -> list[dict[str, Any]]:
    """The lines of JSON that a script of the clients' folder prints; not run where Node or npm's packages are not."""
    program = node()
    if program is None:
        not_run("the clients of GraphQL need Node 20, npm and its packages: run `tools/clients`")
    done = subprocess.run(  # noqa: S603  our own scripts
        [program, CLIENTS / script, *arguments], capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return [json.loads(line) for line in done.stdout.splitlines()]
