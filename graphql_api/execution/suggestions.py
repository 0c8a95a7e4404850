"""Whether errors suggest names of the schema: "Did you mean ...?"."""

from __future__ import annotations

from importlib import import_module

_MOST = 5


def suggest_names(*, allowed: bool) -> None:
    """Let errors suggest names or not, in all of this process: graphql-core has one switch, for every kind of error.

    Where clients may not ask for the schema, suggestions would give it away by and by.
    """
    # the package has a function of the module's name
    import_module("graphql.pyutils.did_you_mean").MAX_LENGTH = _MOST if allowed else 0  # type: ignore[attr-defined]
