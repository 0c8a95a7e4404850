"""What is told when a request takes longer than it may."""

from __future__ import annotations

SETTING = "EXPENSE_REQUEST_TIMEOUT"


def overtime(seconds: float) -> str:
    """The words, for a request that was ended after `seconds`."""
    return f"The request took longer than {seconds:g} seconds ({SETTING}); a write in it may stand or not."
