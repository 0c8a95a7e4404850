"""An operation's cost: planned once, worked out for the variables of a request, and counted in its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationType,
    get_named_type,
)

from graphql_api.execution.sizes import Asked, Condition, asked_of, conditions_of
from graphql_api.execution.weights import Parent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, SelectionSetNode

    from graphql_api.execution.weights import Weights


@dataclass(slots=True)
class Step:
    """A field that costs something or has such fields below it, under the key that it has in the answer."""

    key: str
    name: str
    coordinate: str
    weight: int
    asked: Asked | None
    conditions: tuple[Condition, ...]
    children: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a request asks for: the field, the argument that was given, and how many rows."""

    field: str
    argument: str
    size: int


@dataclass(slots=True)
class Estimate:
    """What a request asks for at most: its cost, its nodes, and its pages."""

    cost: int = 0
    nodes: int = 0
    pages: list[Page] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation's steps."""

    steps: list[Step]

    def estimate(self, variables: Mapping[str, Any]) -> Estimate:
        """The most that it costs with these variables."""
        found = Estimate()
        for step in self.steps:
            _estimate(step, 1, None, variables, found)
        return found

    def actual(self, data: Mapping[str, Any] | None) -> int:
        """What an answer cost."""
        return 0 if data is None else sum(_actual(step, data) for step in self.steps)


def _estimate(step: Step, times: int, given: int | None, variables: Mapping[str, Any], found: Estimate) -> None:
    """Add a step that is there `times` times, with `given` entries each if the field above it says so."""
    if not all(condition.holds(variables) for condition in step.conditions):
        return
    number: int | None = None
    below: tuple[str, ...] = ()
    if step.asked is not None:
        argument, number = step.asked.number(variables)
        below = step.asked.size.below
        if step.asked.size.page:
            found.pages.append(Page(step.coordinate, argument, number))
            found.nodes += times * number
    if given is not None:
        times *= given
    elif number is not None and not below:
        times *= number
    found.cost += times * step.weight
    for child in step.children:
        _estimate(child, times, number if child.name in below else None, variables, found)


def _actual(step: Step, data: Mapping[str, Any]) -> int:
    if step.key not in data:
        return 0
    value = data[step.key]
    if isinstance(value, list):
        total = step.weight * len(value)
        if step.children:
            total += sum(_below(step, one) for one in value)
        return total
    return step.weight + _below(step, value)


def _below(step: Step, value: Any) -> int:
    if isinstance(value, dict):
        return sum(_actual(child, value) for child in step.children)
    return sum(_below(step, one) for one in value) if isinstance(value, list) else 0


def plan_operation(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, weights: Weights
) -> Plan:
    """The plan of an operation of a valid document."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    root = schema.get_root_type(operation.operation)
    if root is None:  # pragma: no cover  validation has refused it
        return Plan([])
    defaults = _defaults(operation)
    planner = _Planner(schema, fragments, weights, defaults)
    is_mutation = operation.operation is OperationType.MUTATION
    return Plan(planner.steps([(root, operation.selection_set, ())], is_mutation=is_mutation))


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        node.variable.name.value: node.default_value
        for node in operation.variable_definitions or ()
        if node.default_value is not None
    }


Found = tuple[Parent, FieldNode, tuple[Condition, ...]]
Selected = tuple[Parent, "SelectionSetNode", tuple[Condition, ...]]


class _Planner:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        weights: Weights,
        defaults: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._weights = weights
        self._defaults = defaults

    def steps(self, selected: list[Selected], *, is_mutation: bool = False) -> list[Step]:
        """The steps of selections on the same object; fields that share a key are one step."""
        by_key: dict[str, list[Found]] = {}
        seen: set[str] = set()
        for parent, node, conditions in selected:
            self._collect(parent, node, conditions, by_key, seen)
        steps = (self._step(key, found, is_mutation=is_mutation) for key, found in by_key.items())
        return [step for step in steps if step is not None]

    def _collect(
        self,
        parent: Parent,
        node: SelectionSetNode,
        conditions: tuple[Condition, ...],
        by_key: dict[str, list[Found]],
        seen: set[str],
    ) -> None:
        for selection in node.selections:
            own = (*conditions, *conditions_of(selection, self._defaults))
            if isinstance(selection, FieldNode):
                if not selection.name.value.startswith("__"):
                    key = selection.alias.value if selection.alias else selection.name.value
                    by_key.setdefault(key, []).append((parent, selection, own))
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                kind = parent if condition is None else self._type(condition.name.value)
                self._collect(kind, selection.selection_set, own, by_key, seen)
            elif isinstance(selection, FragmentSpreadNode):
                # with conditions it may be there in one place and not in another
                name = selection.name.value
                if name in seen:
                    continue
                if not own:
                    seen.add(name)
                fragment = self._fragments[name]
                self._collect(self._type(fragment.type_condition.name.value), fragment.selection_set, own, by_key, seen)

    def _type(self, name: str) -> Parent:
        return self._schema.type_map[name]  # type: ignore[return-value]  # validation admits objects and interfaces

    def _step(self, key: str, found: list[Found], *, is_mutation: bool) -> Step | None:
        parent, node, _ = found[0]
        name = node.name.value
        weight = self._weights.weight(parent, name, is_mutation=is_mutation)
        size = self._weights.size(parent, name)
        children: list[Step] = []
        inner: list[Selected] = []
        for one_parent, one, _ in found:
            kind = get_named_type(one_parent.fields[one.name.value].type)
            if one.selection_set is not None and isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
                inner.append((kind, one.selection_set, ()))
        if inner:
            children = self.steps(inner)
        if not weight and not children and (size is None or not size.page):
            return None
        # it is there if it is there by one way at least; who adds conditions to all of them is charged for one
        conditions = found[0][2] if len(found) == 1 else ()
        asked = None if size is None else asked_of(parent.fields[name], node, size, self._defaults)
        return Step(key, name, f"{parent.name}.{name}", weight, asked, conditions, children)
