"""What a request asks for by its arguments and conditions.

They are read without coercion: what is wrong with them is told when the operation runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    BooleanValueNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import FieldNode, GraphQLField, SelectionNode

    from graphql_api.execution.weights import Size


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable's place, with the value that it has if none is given; `path` leads into an input object."""

    name: str
    default: Any
    path: tuple[str, ...] = ()

    def value(self, variables: Mapping[str, Any]) -> Any:
        """What a request gives."""
        found = variables.get(self.name, self.default)
        for part in self.path:
            found = found.get(part) if isinstance(found, dict) else None
        return found


@dataclass(frozen=True, slots=True)
class Condition:
    """@skip or @include: the value that keeps the field."""

    value: Any
    wanted: bool

    def holds(self, variables: Mapping[str, Any]) -> bool:
        """Whether the field is there."""
        value = self.value.value(variables) if isinstance(self.value, Variable) else self.value
        return not isinstance(value, bool) or value is self.wanted


@dataclass(frozen=True, slots=True)
class Asked:
    """A size, and the arguments that were given for it, by name."""

    size: Size
    given: tuple[tuple[str, Any], ...]

    def number(self, variables: Mapping[str, Any]) -> tuple[str, int]:
        """Which argument says how many, and how many it says; "" for the assumed size."""
        for name, given in self.given:
            value = given.value(variables) if isinstance(given, Variable) else given
            if isinstance(value, list):
                return name, len(value)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return name, max(0, int(value))
        return "", self.size.assumed


def asked_of(definition: GraphQLField, node: FieldNode, size: Size, defaults: Mapping[str, Any]) -> Asked:
    """What a field's arguments, or their defaults in the schema, say about a size."""
    nodes = {argument.name.value: argument.value for argument in node.arguments or ()}
    given: list[tuple[str, Any]] = []
    for name in size.arguments:
        first, *path = name.split(".")
        if first in nodes:
            given.append((name, _read(nodes[first], path, defaults)))
        elif first in definition.args and not path:
            given.append((name, definition.args[first].default_value))
    return Asked(size, tuple(given))


def conditions_of(selection: SelectionNode, defaults: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions of a selection."""
    found: list[Condition] = []
    for directive in selection.directives or ():
        if directive.name.value in {"skip", "include"}:
            value = next((one.value for one in directive.arguments or () if one.name.value == "if"), None)
            if value is not None:
                found.append(Condition(_read(value, [], defaults), directive.name.value == "include"))
    return tuple(found)


def _read(node: ValueNode | None, path: list[str], defaults: Mapping[str, Any]) -> Any:
    """A number, a boolean, a list's length as a list, a `Variable`, or None for all else."""
    if isinstance(node, VariableNode):
        return Variable(node.name.value, _read(defaults.get(node.name.value), [], {}), tuple(path))
    if path:
        fields = node.fields if isinstance(node, ObjectValueNode) else ()
        inner = next((one.value for one in fields if one.name.value == path[0]), None)
        return None if inner is None else _read(inner, path[1:], defaults)
    match node:
        case IntValueNode():
            return int(node.value)
        case BooleanValueNode():
            return node.value
        case ListValueNode():
            return [None] * len(node.values)
    return None
