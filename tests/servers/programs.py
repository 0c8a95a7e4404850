"""Where `make services` put what the tests start."""

import os
import shutil
from pathlib import Path

from tests.servers.outcomes import not_run

STATE = Path(__file__).parents[2] / ".cache" / "services"


def installed(name: str) -> Path:
    """Return the path that `make services` noted for a service; not run when it has none.

    Args:
        name: mariadb, mysql, redis or chromium.
    """
    ready = STATE / f"{name}.ready"
    if ready.exists():
        path = Path(ready.read_text().strip())
        if path.exists():
            return path
    missing = STATE / f"{name}.missing"
    reason = missing.read_text().strip() if missing.exists() else "run `make services`"
    return not_run(f"{name} is not installed: {reason}")


def program(name: str) -> Path:
    """Return a program by name, also from the folders of system programs; else not run."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    found = shutil.which(name, path=path)
    if found is None:
        not_run(f"{name} is not installed: run `make services`")
    return Path(found)
