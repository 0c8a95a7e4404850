"""Limits on operations, judged before anything runs: each tells what was asked for, what is taken, and which setting.

The shape of a document (depth, aliases, root fields, directives, fields) is measured with its fragments spread, before
GraphQL's own validation, some rules of which take time that grows with the square of what is repeated.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import DocumentNode, Node, SelectionNode, SelectionSetNode

    from graphql_api.execution.plan import Estimate

CODE = "LIMIT_EXCEEDED"
"""`extensions.code` of what a limit refuses."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What at most is taken, and the name of the setting that says so."""

    name: str
    most: int
    setting: str

    def exceeded(self, message: str, value: int, node: Node | None = None) -> GraphQLError:
        """The error for a value above the limit; `message` says what has the value."""
        text = f"{message}; at most {self.most:,} are taken ({self.setting})."
        told = {"code": CODE, "limit": self.name, "value": value, "most": self.most, "setting": self.setting}
        return GraphQLError(text, node, extensions=told)


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of an operation."""

    tokens: Limit
    depth: Limit
    aliases: Limit
    root_fields: Limit
    directives: Limit
    fields: Limit
    page_size: Limit
    nodes: Limit
    cost: Limit


@dataclass(frozen=True, slots=True)
class Shape:
    """What a selection holds: `aliases` counts fields that are renamed or repeated, all but `depth` are sums."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0

    def beside(self, other: Shape) -> Shape:
        """Both together."""
        return Shape(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.fields + other.fields,
        )


def shape_errors(document: DocumentNode, limits: Limits) -> Iterator[GraphQLError]:
    """An error for each limit of shape that an operation of the document exceeds."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    measure = _Measure(fragments)
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            yield from _operation_errors(operation, measure, limits)


def _operation_errors(operation: OperationDefinitionNode, measure: _Measure, limits: Limits) -> Iterator[GraphQLError]:
    name = f"“{operation.name.value}”" if operation.name else "The operation"
    shape = measure.selections(operation.selection_set)
    roots = measure.roots(operation.selection_set)
    own = len(operation.directives or ())
    own += sum(len(one.directives or ()) for one in operation.variable_definitions or ())
    told: tuple[tuple[Limit, int, str], ...] = (
        (limits.depth, shape.depth, f"{name} is nested {shape.depth:,} fields deep"),
        (limits.root_fields, roots, f"{name} has {roots:,} root fields"),
        (limits.aliases, shape.aliases, f"{name} has {shape.aliases:,} aliases and repeated fields"),
        (limits.directives, shape.directives + own, f"{name} has {shape.directives + own:,} directives"),
        (limits.fields, shape.fields, f"{name} has {shape.fields:,} fields"),
    )
    for limit, value, message in told:
        if value > limit.most:
            yield limit.exceeded(message, value, operation)


class _Measure:
    """Measures selections; each fragment once, and cyclic ones, which another rule refuses, as if they ended."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._shapes: dict[str, Shape] = {}
        self._roots: dict[str, int] = {}

    def selections(self, node: SelectionSetNode | None) -> Shape:
        """What is selected on one object, and all below it."""
        return Shape() if node is None else Shape(aliases=_repeats(node)).beside(self._inside(node))

    def roots(self, node: SelectionSetNode) -> int:
        return sum(self._root(selection) for selection in node.selections)

    def _inside(self, node: SelectionSetNode) -> Shape:
        shape = Shape()
        for selection in node.selections:
            shape = shape.beside(self._selection(selection))
        return shape

    def _selection(self, selection: SelectionNode) -> Shape:
        own = Shape(directives=len(selection.directives or ()))
        if isinstance(selection, FieldNode):
            below = self.selections(selection.selection_set)
            deeper = Shape(below.depth + 1, below.aliases, below.directives, below.fields + 1)
            return own.beside(deeper)
        if isinstance(selection, InlineFragmentNode):
            # its aliases and repeats were counted with what stands beside it
            return own.beside(self._inside(selection.selection_set))
        if isinstance(selection, FragmentSpreadNode):
            return own.beside(self._spread(selection.name.value))
        return own

    def _spread(self, name: str) -> Shape:
        fragment = self._fragments.get(name)
        if fragment is None:
            return Shape()
        if name not in self._shapes:
            self._shapes[name] = Shape()
            own = Shape(directives=len(fragment.directives or ()))
            self._shapes[name] = own.beside(self.selections(fragment.selection_set))
        return self._shapes[name]

    def _root(self, selection: SelectionNode) -> int:
        if isinstance(selection, InlineFragmentNode):
            return self.roots(selection.selection_set)
        if not isinstance(selection, FragmentSpreadNode):
            return 1
        name = selection.name.value
        fragment = self._fragments.get(name)
        if name not in self._roots and fragment is not None:
            self._roots[name] = 0
            self._roots[name] = self.roots(fragment.selection_set)
        return self._roots.get(name, 0)


def _repeats(node: SelectionSetNode) -> int:
    """Fields that are renamed, and whatever is selected again: for the price of one name it is all done twice."""
    seen: Counter[tuple[str, str]] = Counter()
    renamed = sum(_note(selection, "", seen) for selection in node.selections)
    return renamed + sum(count - 1 for count in seen.values())


def _note(selection: SelectionNode, condition: str, seen: Counter[tuple[str, str]]) -> int:
    """Note a selection under the type that it is for; gives how many fields in it are renamed."""
    if isinstance(selection, InlineFragmentNode):
        if selection.type_condition is not None:
            condition = selection.type_condition.name.value
        return sum(_note(one, condition, seen) for one in selection.selection_set.selections)
    if isinstance(selection, FragmentSpreadNode):
        seen["...", selection.name.value] += 1
    elif isinstance(selection, FieldNode):
        if selection.alias is not None:
            return 1
        seen[condition, selection.name.value] += 1
    return 0


def estimate_errors(found: Estimate, limits: Limits) -> Iterator[GraphQLError]:
    """An error for each limit that what a request asks for exceeds."""
    for page in found.pages:
        if page.size > limits.page_size.most:
            yield limits.page_size.exceeded(f"{page.field} is asked for {page.argument}: {page.size:,}", page.size)
    if any(page.size > limits.page_size.most for page in found.pages):
        return  # what follows from it would only repeat it
    if found.nodes > limits.nodes.most:
        yield limits.nodes.exceeded(f"The request asks for {found.nodes:,} nodes", found.nodes)
    if found.cost > limits.cost.most:
        yield limits.cost.exceeded(f"The request may cost {found.cost:,}", found.cost)
