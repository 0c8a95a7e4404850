"""What fields cost, after IBM's specification of GraphQL cost directives (https://ibm.github.io/graphql-specs/).

A field that gives an object weighs 1 and a field that gives a scalar 0, unless the table says otherwise; a list weighs
as often as it has entries. A size is what an argument asks for, else the assumed one, and may belong to fields below,
as `first` of a connection belongs to its `edges` and `nodes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Parent = GraphQLObjectType | GraphQLInterfaceType
"""What has fields."""


@dataclass(frozen=True, slots=True)
class Size:
    """How long a list is: by the first of `arguments` that is given, a number or a list, else `assumed`.

    An argument in an input object is named with a point, as input.operations. The size is that of the `below` fields
    of the field's type, or of the field itself if there are none. `page` says that it is a page of the ledger's
    entities: its length has the limits of pages, and its entries count as nodes.
    """

    assumed: int
    arguments: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    page: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """A schema's table: weights by type, and weights and sizes by field, written as Type.field.

    `page` is the size of fields whose type ends in Connection and that have one of its arguments. `mutation` is the
    weight of mutations. `listed` is the size of lists that the table does not name.
    """

    page: Size
    types: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, Size] = field(default_factory=dict)
    mutation: int = 1
    listed: int = 1

    def weight(self, parent: Parent, name: str, *, is_mutation: bool) -> int:
        """What a field weighs each time that it is there."""
        found = self.fields.get(f"{parent.name}.{name}")
        if found is not None:
            return found
        if is_mutation:
            return self.mutation
        named = get_named_type(parent.fields[name].type)
        return self.types.get(named.name, 1 if is_composite_type(named) else 0)

    def size(self, parent: Parent, name: str) -> Size | None:
        """How long a field, or what is below it, is; None if it is one thing."""
        found = self.sizes.get(f"{parent.name}.{name}")
        if found is not None:
            return found
        definition = parent.fields[name]
        if get_named_type(definition.type).name.endswith("Connection") and not is_list(definition.type):
            return self.page
        return Size(self.listed) if is_list(definition.type) else None


def is_list(kind: GraphQLOutputType) -> bool:
    """Whether a type is a list, null or not."""
    return is_list_type(kind.of_type if is_non_null_type(kind) else kind)
