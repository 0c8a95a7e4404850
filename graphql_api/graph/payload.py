"""What mutations answer: the result, or errors that the caller can mend, each typed by a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry

from graphql_api.ledgers.errors import Code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql_api.ledgers.errors import Problem

ErrorCode = strawberry.enum(Code, name="ErrorCode", description="Why an input was refused.")


@strawberry.type(description="One thing that is wrong with an input; nothing was written.")
class UserError:
    """A problem as GraphQL shows it."""

    code: ErrorCode  # type: ignore[valid-type]  # an enum made by a call
    message: str
    path: list[str] = strawberry.field(description="The input field, from the outside in; list items by their index.")


def user_errors(problems: Iterable[Problem]) -> list[UserError]:
    """Problems as GraphQL shows them."""
    return [
        UserError(code=problem.code, message=problem.message, path=[str(part) for part in problem.path])
        for problem in problems
    ]


def request_of(value: Any) -> Any:
    """An input as plain data, for an idempotency key's fingerprint: without what was not given."""
    if hasattr(value, "__strawberry_definition__"):
        given = {name: item for name, item in vars(value).items() if item is not strawberry.UNSET}
        return {name: request_of(item) for name, item in given.items() if name not in ("idempotency_key", "dry_run")}
    if isinstance(value, list):
        return [request_of(item) for item in value]
    return value
