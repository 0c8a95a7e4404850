"""Where data lies that need not outlive the machine: in its memory if there is enough, else on its disk."""

import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  folders in it are made by tempfile, with names nobody knows
NEEDED = 4 * 2**30
"""Bytes. Two test processes with all their servers take a quarter of it."""


def memory_folder() -> Path | None:
    """A folder in memory, where a flush costs nothing; None, which is tempfile's own choice, where memory is short.

    What is killed with SIGKILL finds its files again in either: they differ by a loss of power, which no test makes.
    """
    try:
        free = min(shutil.disk_usage(MEMORY).free, *_limits())
    except OSError:
        return None
    return MEMORY if free >= NEEDED else None


def _limits() -> list[int]:
    """Bytes that this machine still has, and that a container may still take."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    most, used = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")
    if most.exists() and (told := most.read_text().strip()) != "max":
        found.append(int(told) - int(used.read_text()))
    return found
