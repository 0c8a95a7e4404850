"""What a query looks at, as far as its document tells: fields with their arguments, and where it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLUnionType,
    InlineFragmentNode,
    get_named_type,
    is_composite_type,
    value_from_ast_untyped,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, GraphQLNamedType, GraphQLSchema, OperationDefinitionNode, SelectionSetNode
    from graphql.language import ValueNode


@dataclass(frozen=True, slots=True)
class Start:
    """A root field, with its arguments as they are written."""

    name: str
    arguments: Mapping[str, ValueNode]
    defaults: Mapping[str, Any]

    def argument(self, name: str, variables: Mapping[str, Any]) -> Any:
        """An argument's value without coercion; None if it is not given."""
        node = self.arguments.get(name)
        return None if node is None else value_from_ast_untyped(node, {**self.defaults, **variables})


@dataclass(frozen=True, slots=True)
class Footprint:
    """All fields that may be looked at, as `Type.field`, and `Type.field(argument)` for each argument given."""

    coordinates: frozenset[str]
    starts: tuple[Start, ...]


def footprint(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Footprint:
    """The footprint of an operation of a valid document, whatever its conditions."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    defaults = {
        node.variable.name.value: value_from_ast_untyped(node.default_value)
        for node in operation.variable_definitions or ()
        if node.default_value is not None
    }
    walker = _Walker(schema, fragments, defaults)
    root = schema.get_root_type(operation.operation)
    if root is not None:
        walker.walk(root, operation.selection_set, at_root=True)
    return Footprint(frozenset(walker.coordinates), tuple(walker.starts))


@dataclass(slots=True)
class _Walker:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    defaults: Mapping[str, Any]
    coordinates: set[str] = field(default_factory=set)
    starts: list[Start] = field(default_factory=list)
    _seen: set[tuple[str, bool]] = field(default_factory=set)

    def walk(self, parent: GraphQLNamedType, node: SelectionSetNode, *, at_root: bool = False) -> None:
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                self._field(parent, selection, at_root=at_root)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                kind = parent if condition is None else self.schema.type_map[condition.name.value]
                self.walk(kind, selection.selection_set, at_root=at_root)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if (name, at_root) not in self._seen:
                    self._seen.add((name, at_root))
                    fragment = self.fragments[name]
                    kind = self.schema.type_map[fragment.type_condition.name.value]
                    self.walk(kind, fragment.selection_set, at_root=at_root)

    def _field(self, parent: GraphQLNamedType, node: FieldNode, *, at_root: bool) -> None:
        name = node.name.value
        if name == "__typename":
            return
        if name in {"__schema", "__type"}:
            self.coordinates.add(f"{parent.name}.{name}")
            return  # what is below looks at the schema only
        arguments = {one.name.value: one.value for one in node.arguments or ()}
        self.coordinates.add(f"{parent.name}.{name}")
        self.coordinates.update(f"{parent.name}.{name}({argument})" for argument in arguments)
        if at_root:
            self.starts.append(Start(name, arguments, self.defaults))
        if node.selection_set is not None and not isinstance(parent, GraphQLUnionType):
            kind = get_named_type(parent.fields[name].type)  # type: ignore[attr-defined]  # a field's parent has fields
            if is_composite_type(kind):
                self.walk(kind, node.selection_set)
