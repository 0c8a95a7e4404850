"""Limits on documents, as validation rules, so that one too large is refused before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    ValidationRule,
)

if TYPE_CHECKING:
    from graphql import SelectionNode, SelectionSetNode, ValidationContext


class DepthLimit(ValidationRule):
    """Refuses operations whose fields are nested more than `deepest` levels; cyclic fragments are another rule's."""

    deepest: ClassVar[int]

    def __init__(self, context: ValidationContext) -> None:
        """Begin with no fragment measured."""
        super().__init__(context)
        self._fragments: dict[str, int] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Measure an operation."""
        depth = self._depth(node.selection_set, frozenset())
        if depth > self.deepest:
            name = f"“{node.name.value}”" if node.name else "The operation"
            message = f"{name} is nested {depth} fields deep; at most {self.deepest} are taken."
            self.report_error(GraphQLError(message, node))

    def _depth(self, selections: SelectionSetNode | None, open_fragments: frozenset[str]) -> int:
        if selections is None:
            return 0
        return max((self._below(selection, open_fragments) for selection in selections.selections), default=0)

    def _below(self, selection: SelectionNode, open_fragments: frozenset[str]) -> int:
        if isinstance(selection, FieldNode):
            return 1 + self._depth(selection.selection_set, open_fragments)
        if isinstance(selection, InlineFragmentNode):
            return self._depth(selection.selection_set, open_fragments)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment_depth(selection.name.value, open_fragments)
        return 0

    def _fragment_depth(self, name: str, open_fragments: frozenset[str]) -> int:
        fragment = self.context.get_fragment(name)
        if fragment is None or name in open_fragments:
            return 0
        if name not in self._fragments:
            self._fragments[name] = self._depth(fragment.selection_set, open_fragments | {name})
        return self._fragments[name]


def depth_limit(deepest: int) -> type[DepthLimit]:
    """The rule with its limit."""
    return type("DepthLimit", (DepthLimit,), {"deepest": deepest})
