"""Prometheus metrics, named by its conventions: seconds, bytes, and _total for what only grows."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

_WRITES = Counter("expense_writes", "Writes to ledgers that were committed.")
_CHANGES = Counter("expense_changes", "Entities that committed writes changed.")
_RETRIES = Counter("expense_write_retries", "Groups of writes that were tried again.")
_GROUP = Histogram(
    "expense_commit_group_writes", "Writes that shared one commit.", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
)


class WriteMetrics:
    """Counts what the writer commits."""

    def committed(self, ledger_id: int, version: int, writes: int, steps: int) -> None:  # noqa: ARG002  for others
        """A group of writes stands."""
        _WRITES.inc(writes)
        _CHANGES.inc(steps)
        _GROUP.observe(writes)

    def retried(self) -> None:
        """A group is tried again."""
        _RETRIES.inc()
