"""Arguments of a field, worked out once where they are the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import VariableNode
from graphql.execution.values import get_argument_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import Node

    from graphql_api.execution.places import Place, Run

_IMMUTABLE = (str, int, float, bool, type(None))


def arguments_of(place: Place) -> Callable[[Run], dict[str, Any]]:
    """What gives the arguments: the same each time, unless there are variables or values that could be changed."""
    definition, node = place.definition, place.nodes[0]
    if not definition.args and not node.arguments:
        return lambda _run: {}

    def worked_out(run: Run) -> dict[str, Any]:
        return get_argument_values(definition, node, run.variable_values, None, run.hide_suggestions)

    if any(_has_variable(argument.value) for argument in node.arguments or ()):
        return worked_out
    try:
        same = get_argument_values(definition, node)
    except Exception:  # noqa: BLE001  what is wrong is told at the field when it is resolved
        return worked_out
    return (lambda _run: same) if all(isinstance(value, _IMMUTABLE) for value in same.values()) else worked_out


def _has_variable(node: Node) -> bool:
    if isinstance(node, VariableNode):
        return True
    inner = [*(getattr(node, "values", None) or ()), *(one.value for one in getattr(node, "fields", None) or ())]
    return any(_has_variable(one) for one in inner)
