"""How large and how long a run is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """The bounds of a run.

    Attributes:
        rounds: how often the contenders take turns.
        seconds: how long a turn lasts that counts what it does in a time.
        repeats: how often a turn repeats what it times, of which the median counts.
        rows: transactions of the large ledger.
    """

    rounds: int = 7
    seconds: float = 3.0
    repeats: int = 50
    rows: int = 10_000_000


SMOKE = Size(rounds=2, seconds=0.2, repeats=2, rows=1000)
"""Proves that the harness runs, and nothing else."""
