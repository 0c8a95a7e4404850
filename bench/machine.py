"""The machine and the versions that a result holds for."""

import os
import platform
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("sqlalchemy", "aiomysql", "asyncmy", "aiosqlite", "uvloop", "uvicorn", "starlette", "strawberry-graphql")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a result was measured.

    Attributes:
        cores: cores that this process may run on.
        load: how many tasks ran or waited for a core on average in the minute before, from /proc/loadavg.
        syncs: how many times a second 512 bytes appended to a file were on the disk (fdatasync).
        versions: of Python, the packages and the servers that took part.
    """

    processor: str
    cores: int
    memory_gib: float
    kernel: str
    file_system: str
    load: float
    syncs: float
    commit: str
    versions: dict[str, str] = field(default_factory=dict)


def describe() -> Machine:
    """Look at the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(memory / 2**30, 1),
        kernel=platform.release(),
        file_system=_file_system(Path(tempfile.gettempdir())),
        load=os.getloadavg()[0],
        syncs=round(_syncs()),
        commit=_commit(),
        versions={"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _file_system(folder: Path) -> str:
    """Return the type of the file system that temporary folders lie on."""
    found = ("/", "unknown")
    for line in Path("/proc/mounts").read_text().splitlines():
        _, mount, kind, *_ = line.split()
        if folder.resolve().is_relative_to(mount) and len(mount) >= len(found[0]):
            found = (mount, kind)
    return found[1]


def _syncs(seconds: float = 0.5) -> float:
    with tempfile.TemporaryFile() as file:
        count, start = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - start) < seconds:
            os.write(file.fileno(), bytes(512))
            os.fdatasync(file.fileno())
            count += 1
    return count / elapsed


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=10"]
    done = subprocess.run(  # noqa: S603 - no part of it is input
        command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"
