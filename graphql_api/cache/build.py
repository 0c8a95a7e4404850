"""Which program this is: two that could answer the same question otherwise share no answers."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

import graphql_api

_ANSWERING = ("strawberry-graphql", "graphql-core", "SQLAlchemy")


def build_digest() -> bytes:
    """A digest of the package's code, and so of its schema, and of the versions of what it answers with."""
    digest = hashlib.blake2b(graphql_api.__version__.encode(), digest_size=16)
    for name in _ANSWERING:
        digest.update(f"{name} {version(name)}\n".encode())
    root = Path(graphql_api.__file__).parent
    for path in sorted(root.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)} {len(content)}\n".encode())
        digest.update(content)
    return digest.digest()
