"""Values at the ends of an answer: scalars and enums, made by the schema's own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import Executor, GraphQLBoolean, GraphQLID, GraphQLString
from graphql.pyutils import Undefined

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import GraphQLLeafType

PLAIN: frozenset[type] = frozenset({dict, list, str, int, float, bool, type(None), tuple})
"""The most common types of values that nobody can wait for."""

_AS_IT_IS: dict[Any, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}


def leaf(kind: GraphQLLeafType) -> Callable[[Any], Any]:
    """What makes a value of that type for the answer; None of None. Raises what the type's own function raises."""
    same = _AS_IT_IS.get(kind)

    def complete(value: Any) -> Any:
        if type(value) is same:
            return value
        if value is None or value is Undefined:
            return None
        if isinstance(value, Exception):
            raise value
        return Executor.complete_leaf_value(kind, value)

    return complete
