"""Who acts: the principal that a door has made out, and that every change names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or program. `subject` is unique, and is written into each change row as its actor."""

    subject: str


LOCAL = Principal("local")
"""The one principal of local mode, where the machine's owner is the only one who can connect."""
