"""Errors as GraphQL answers show them: ours by their code, all others masked with an id that the log has."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from graphql_api.ledgers.errors import OutcomeUnknown, Refused, Unavailable
from graphql_api.telemetry.operations import failed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_log = logging.getLogger(__name__)


class GraphQLRequestError(Exception):
    """A request that cannot be run at all, by its HTTP status."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str = "BAD_REQUEST",
        extensions: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Say why; `extensions` are told beside the code, `headers` go with the answer."""
        self.status = status
        self.message = message
        self.code = code
        self.extensions = extensions or {}
        self.headers = headers or {}
        super().__init__(message)


def error_entries(errors: Iterable[GraphQLError], code: str) -> list[dict[str, Any]]:
    """The entries of an answer's `errors`; `code` is for those that GraphQL itself found."""
    return [_entry(error, code) for error in errors]


def masked(error: Exception) -> dict[str, Any]:
    """The entry for what failed outside of any field: as for a field."""
    return _entry(GraphQLError(str(error), original_error=error), "INTERNAL_SERVER_ERROR")


def retry_after(errors: Iterable[GraphQLError]) -> int | None:
    """Seconds to wait, if a dependency did not answer."""
    waits = [error.original_error.retry_after for error in errors if isinstance(error.original_error, Unavailable)]
    return max(waits, default=None)


def _entry(error: GraphQLError, code: str) -> dict[str, Any]:
    entry: dict[str, Any] = dict(error.formatted)
    original = error.original_error
    extensions: dict[str, Any] = dict(entry.get("extensions") or {})
    if original is None or isinstance(original, GraphQLError):
        extensions.setdefault("code", "BAD_USER_INPUT" if error.path and code == "INTERNAL_SERVER_ERROR" else code)
    elif isinstance(original, Refused):
        entry["message"] = str(original)
        extensions["code"] = original.problems[0].code.name
        extensions["problems"] = [
            {"code": problem.code.name, "message": problem.message, "path": [str(part) for part in problem.path]}
            for problem in original.problems
        ]
    elif isinstance(original, Unavailable):
        entry["message"] = str(original)
        extensions["code"] = "OUTCOME_UNKNOWN" if isinstance(original, OutcomeUnknown) else "UNAVAILABLE"
        extensions["retryAfter"] = original.retry_after
    else:
        error_id = secrets.token_hex(8)
        _log.error("GraphQL resolver failed", exc_info=original, extra={"error_id": error_id})
        entry["message"] = f"Something went wrong on our side; the log has it as {error_id}."
        extensions |= {"code": "INTERNAL_SERVER_ERROR", "errorId": error_id}
    entry["extensions"] = extensions
    failed(extensions["code"])
    return entry
