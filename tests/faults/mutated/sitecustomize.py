"""Loaded by a Python that has this folder in PYTHONPATH: reads a ledger's versions up to half a second late.

It is what a cache with a time to live would do, and what the checker of replicas must find.
"""

import importlib.abc
import importlib.util
import sys
import time
from typing import Any

TARGET = "graphql_api.cache.versions"
LATE = 0.5


class Mutating(importlib.abc.MetaPathFinder):
    """Finds the module as others do, and changes it once it is loaded."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:  # noqa: ARG002  as it is asked
        """The module's own, with a loader that goes on to change it."""
        if name != TARGET:
            return None
        sys.meta_path.remove(self)
        spec: Any = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            load(module)
            change(module)

        spec.loader.exec_module = exec_module
        return spec


def change(module: Any) -> None:
    """Let a read give what the read before it gave."""
    read_seen = module.read_seen
    known: dict[Any, Any] = {}

    async def late(snapshot: Any, wanted: Any) -> Any:
        key = tuple(wanted)
        taken, found = known.get(key, (0.0, None))
        if time.monotonic() - taken > LATE:
            found = await read_seen(snapshot, wanted)
            known[key] = time.monotonic(), found
        return found

    module.read_seen = late


sys.meta_path.insert(0, Mutating())
