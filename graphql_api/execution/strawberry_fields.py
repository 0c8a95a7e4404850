"""What Strawberry's fields do when they are resolved, so that a compiled operation can do it with fewer calls.

Strawberry wraps each resolver in one that makes an Info, converts the arguments and runs the field's extensions. A
field that has none of these is the resolver itself, or an attribute of the object.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import GraphQLField, GraphQLObjectType

_MADE_FROM = GraphQLCoreConverter.DEFINITION_BACKREF


def direct_resolver(field: GraphQLField) -> Callable[[Any], Any] | None:
    """What gives the field's value of its object alone, None if more is needed or the field is not Strawberry's."""
    made_from = field.extensions.get(_MADE_FROM)
    if not isinstance(made_from, StrawberryField) or made_from.is_subscription or made_from.extensions:
        return None
    module = getattr(field.resolve, "__module__", None)
    if module != GraphQLCoreConverter.__module__ or type(made_from).get_result is not StrawberryField.get_result:
        return None  # somebody has put a resolver of their own in its place
    resolver = made_from.base_resolver
    if resolver is None:
        # a handler of exceptions needs a union's field, which the resolver of a basic field does not say
        is_attribute = made_from.default_resolver is getattr and field.resolve.__name__ == "_get_basic_result"  # type: ignore[union-attr]
        return attrgetter(made_from.python_name) if is_attribute else None
    if field.args or made_from.is_async or resolver.self_parameter is None or _is_handled(field):
        return None
    if resolver.info_parameter or resolver.root_parameter or resolver.parent_parameter:
        return None
    function: Any = resolver.wrapped_func
    return function if callable(function) else None


def ignores_info(kind: GraphQLObjectType) -> bool:
    """Whether the type's `is_type_of` is Strawberry's own, which looks at the object alone."""
    made_from = kind.extensions.get(_MADE_FROM)
    return (
        isinstance(made_from, StrawberryObjectDefinition)
        and made_from.is_type_of is None
        and getattr(kind.is_type_of, "__module__", None) == GraphQLCoreConverter.__module__
    )


def _is_handled(field: GraphQLField) -> bool:
    """Whether exceptions of the resolver become results: the handlers are in its closure."""
    resolve: Any = field.resolve
    names = resolve.__code__.co_freevars
    if "field_exception_handlers" not in names:
        return True  # not as it is known here: let it be called as it is
    return bool(resolve.__closure__[names.index("field_exception_handlers")].cell_contents)
