"""Fields at their places in a document, and waiting for what their resolvers give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import CORO_CREATED, getcoroutinestate, iscoroutine
from typing import TYPE_CHECKING, Any

from graphql import Executor, GraphQLResolveInfo
from graphql.pyutils import Path, gather_with_cancel, is_awaitable

from graphql_api.execution.leaves import PLAIN

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLOutputType
    from graphql.execution.collect_fields import FieldDetailsList


class Run(Executor[Any]):
    """One execution: graphql-core's own state of it, its variables, context and errors."""

    def __init__(self, *given: Any) -> None:
        """Take what graphql-core's takes."""
        super().__init__(*given)
        self.handed: list[Any] = []
        """What was given to be awaited to coroutines that may be cancelled before they begin."""

    def close(self) -> None:
        """Close the coroutines that nobody has begun to await."""
        for one in self.handed:
            if iscoroutine(one) and getcoroutinestate(one) == CORO_CREATED:
                one.close()


Info = GraphQLResolveInfo[Any]
"""What a resolver is told."""

Step = Callable[[Run, Any, Path | None], Any]
"""Makes a field of an object that has this path; the value, or an awaitable of it."""

Completion = Callable[[Run, Any, Any], Any]
"""Makes what a resolver gave at this path part of the answer. Leaves need no path and may get None."""


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a type at a place in a document."""

    parent: GraphQLObjectType
    key: str
    definition: GraphQLField
    details: FieldDetailsList
    nodes: list[FieldNode]

    def info(self, run: Run, path: Path) -> Info:
        """What a resolver is told, at the path of the field or of an entry of its list."""
        while isinstance(path.key, int):
            path = path.prev  # type: ignore[assignment]  # a field is above the entries of its list
        return run.build_resolve_info(self.definition, self.nodes, self.parent, path)


async def gathered(made: Any, waiting: list[Any]) -> Any:
    """A dict or list, once the entries at `waiting` are there."""
    if len(waiting) == 1:
        place = waiting[0]
        made[place] = await made[place]
        return made
    found = await gather_with_cancel(*[made[place] for place in waiting])
    for place, value in zip(waiting, found, strict=True):
        made[place] = value
    return made


def guarded(run: Run, value: Awaitable[Any], kind: GraphQLOutputType, place: Place, path: Path) -> Awaitable[Any]:
    """A completed value, or None in its place if it fails and may be null."""
    run.handed.append(value)
    return _guarded(run, value, kind, place, path)


def completed(
    run: Run, value: Awaitable[Any], complete: Completion, kind: GraphQLOutputType, place: Place, path: Path
) -> Awaitable[Any]:
    """A value that is waited for, completed; None in its place if it fails and may be null."""
    run.handed.append(value)
    return _completed(run, value, complete, kind, place, path)


async def _guarded(run: Run, value: Awaitable[Any], kind: GraphQLOutputType, place: Place, path: Path) -> Any:
    try:
        return await value
    except Exception as error:  # noqa: BLE001  whatever it is, it is told in the answer
        run.handle_field_error(error, kind, place.details, path)
        return None


async def _completed(
    run: Run, value: Awaitable[Any], complete: Completion, kind: GraphQLOutputType, place: Place, path: Path
) -> Any:
    try:
        found = complete(run, await value, path)
        if type(found) not in PLAIN and is_awaitable(found):
            found = await found
    except Exception as error:  # noqa: BLE001  whatever it is, it is told in the answer
        run.handle_field_error(error, kind, place.details, path)
        return None
    return found
