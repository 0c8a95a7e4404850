"""Functions that make the parts of an answer: of an object, of a field, of a list.

Each is built once for a place in a document. What is rare, asynchronous iterators and what a schema does wrong, is
handed to graphql-core's own methods, and so is the judging of errors, so that both tell the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType, is_abstract_type, is_leaf_type, is_list_type, is_non_null_type
from graphql.execution.executor import collect_iterator_awaitables, invalid_return_type_error, to_nodes
from graphql.pyutils import Path, Undefined, is_awaitable, is_iterable

from graphql_api.execution.arguments import arguments_of
from graphql_api.execution.leaves import PLAIN, leaf
from graphql_api.execution.places import Completion, Info, Place, Run, Step, completed, gathered, guarded
from graphql_api.execution.strawberry_fields import direct_resolver, ignores_info

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graphql import GraphQLAbstractType, GraphQLOutputType
    from graphql.execution.collect_fields import GroupedFieldSet


def steps_of(run: Run, parent: GraphQLObjectType, fields: GroupedFieldSet) -> list[tuple[str, Step]]:
    """The steps that make an object's fields, in the answer's order. `run` has the variables of the first use."""
    found: list[tuple[str, Step]] = []
    for key, details in fields.items():
        definition = run.schema.get_field(parent, details[0].node.name.value)
        if definition is not None:
            found.append((key, _step(Place(parent, key, definition, details, to_nodes(details)))))
    return found


def make_object(run: Run, steps: list[tuple[str, Step]], source: Any, path: Path | None) -> Any:
    """An object of the answer, or an awaitable of it."""
    made: dict[str, Any] = {}
    waiting: list[str] = []
    try:
        for key, step in steps:
            value = made[key] = step(run, source, path)
            if type(value) not in PLAIN and is_awaitable(value):
                waiting.append(key)
    except Exception:
        if waiting:
            run.settle_in_background([made[key] for key in waiting])
        raise
    return gathered(made, waiting) if waiting else made


async def make_object_serially(
    run: Run, steps: list[tuple[str, Step]], source: Any, path: Path | None
) -> dict[str, Any]:
    """An object whose fields are made one after the other."""
    made: dict[str, Any] = {}
    for key, step in steps:
        value = step(run, source, path)
        made[key] = await value if type(value) not in PLAIN and is_awaitable(value) else value
    return made


def _step(place: Place) -> Step:
    name, key, kind = place.parent.name, place.key, place.definition.type
    if place.nodes[0].name.value == "__typename":
        return lambda _run, _source, _path: name
    complete = completion(kind, place)
    get = None if place.nodes[0].arguments else direct_resolver(place.definition)
    if get is not None:
        return _leaf_step(place, get, complete) if is_leaf_type(nullable(kind)) else _direct_step(place, get, complete)
    resolve, arguments = place.definition.resolve, arguments_of(place)

    def step(run: Run, source: Any, path: Path | None) -> Any:
        here = Path(path, key, name)
        try:
            info = place.info(run, here)
            value = (resolve or run.field_resolver)(source, info, **arguments(run))
            if type(value) not in PLAIN and is_awaitable(value):
                return completed(run, value, complete, kind, place, here)
            found = complete(run, value, here)
        except Exception as error:  # noqa: BLE001  whatever it is, it is told in the answer
            run.handle_field_error(error, kind, place.details, here)
            return None
        return guarded(run, found, kind, place, here) if type(found) not in PLAIN and is_awaitable(found) else found

    return step


def _leaf_step(place: Place, get: Callable[[Any], Any], complete: Completion) -> Step:
    """A field that needs its path only if it fails or is waited for."""
    name, key, kind = place.parent.name, place.key, place.definition.type

    def step(run: Run, source: Any, path: Path | None) -> Any:
        try:
            value = get(source)
            if type(value) not in PLAIN and is_awaitable(value):
                return completed(run, value, complete, kind, place, Path(path, key, name))
            found = complete(run, value, None)
        except Exception as error:  # noqa: BLE001  whatever it is, it is told in the answer
            run.handle_field_error(error, kind, place.details, Path(path, key, name))
            return None
        if type(found) not in PLAIN and is_awaitable(found):
            return guarded(run, found, kind, place, Path(path, key, name))
        return found

    return step


def _direct_step(place: Place, get: Callable[[Any], Any], complete: Completion) -> Step:
    """A field whose resolver needs nothing but the object."""
    name, key, kind = place.parent.name, place.key, place.definition.type

    def step(run: Run, source: Any, path: Path | None) -> Any:
        here = Path(path, key, name)
        try:
            value = get(source)
            if type(value) not in PLAIN and is_awaitable(value):
                return completed(run, value, complete, kind, place, here)
            found = complete(run, value, here)
        except Exception as error:  # noqa: BLE001  whatever it is, it is told in the answer
            run.handle_field_error(error, kind, place.details, here)
            return None
        return guarded(run, found, kind, place, here) if type(found) not in PLAIN and is_awaitable(found) else found

    return step


def nullable(kind: GraphQLOutputType) -> GraphQLOutputType:
    """The type without its exclamation mark."""
    return kind.of_type if is_non_null_type(kind) else kind


def completion(kind: GraphQLOutputType, place: Place) -> Completion:
    """What completes a value of a type."""
    if is_non_null_type(kind):
        return _non_null(completion(kind.of_type, place), place)
    if is_list_type(kind):
        return _list(kind, place)
    if is_leaf_type(kind):
        make = leaf(kind)
        return lambda _run, value, _path: make(value)
    if is_abstract_type(kind):
        return _abstract(kind, place)
    if isinstance(kind, GraphQLObjectType):
        return _object(kind, place)
    message = f"{kind} is no type of an answer"  # pragma: no cover  there are no others
    raise TypeError(message)  # pragma: no cover


def _non_null(complete: Completion, place: Place) -> Completion:
    # what is awaited and comes to null is graphql-core's affair too: its complete_value looks at the value as it is now
    message = f"Cannot return null for non-nullable field {place.parent}.{place.nodes[0].name.value}."

    def non_null(run: Run, value: Any, path: Any) -> Any:
        found = complete(run, value, path)
        if found is None:
            raise TypeError(message)
        return found

    return non_null


def _object(kind: GraphQLObjectType, place: Place) -> Completion:
    make = _fields(kind, place) if kind.is_type_of is None else _checked(kind, place)

    def complete(run: Run, value: Any, path: Any) -> Any:
        if value is None or value is Undefined:
            return None
        if isinstance(value, Exception):
            raise value
        return make(run, value, path)

    return complete


def _fields(kind: GraphQLObjectType, place: Place) -> Completion:
    """What makes an object of that type; its fields are compiled when there is the first one."""
    steps: list[tuple[str, Step]] | None = None

    def make(run: Run, value: Any, path: Any) -> Any:
        nonlocal steps
        if steps is None:
            steps = steps_of(run, kind, run.collect_subfields(kind, place.details)[0])
        return make_object(run, steps, value, path)

    return make


def _checked(kind: GraphQLObjectType, place: Place) -> Completion:
    """What makes an object if the type says that it is one of its own."""
    make = _fields(kind, place)
    is_type_of: Any = kind.is_type_of
    alone = ignores_info(kind)

    async def waited(run: Run, verdict: Awaitable[bool], value: Any, path: Any) -> Any:
        if not await verdict:
            raise invalid_return_type_error(kind, value, place.details)
        found = make(run, value, path)
        return await found if type(found) not in PLAIN and is_awaitable(found) else found

    def checked(run: Run, value: Any, path: Any) -> Any:
        verdict = is_type_of(value, None if alone else place.info(run, path))
        if verdict is not True and is_awaitable(verdict):
            run.handed.append(verdict)
            return waited(run, verdict, value, path)
        if not verdict:
            raise invalid_return_type_error(kind, value, place.details)
        return make(run, value, path)

    return checked


def _abstract(kind: GraphQLAbstractType, place: Place) -> Completion:
    made: dict[GraphQLObjectType, Completion] = {}

    def make(run: Run, name: Any, value: Any, path: Any, info: Info) -> Any:
        found = run.ensure_valid_runtime_type(name, kind, place.details, info, value)
        complete = made.get(found)
        if complete is None:
            complete = made[found] = _object(found, place)
        return complete(run, value, path)

    async def waited(run: Run, name: Awaitable[Any], value: Any, path: Any, info: Info) -> Any:
        found = make(run, await name, value, path, info)
        return await found if type(found) not in PLAIN and is_awaitable(found) else found

    def complete(run: Run, value: Any, path: Any) -> Any:
        if value is None or value is Undefined:
            return None
        if isinstance(value, Exception):
            raise value
        info = place.info(run, path)
        name = (kind.resolve_type or run.type_resolver)(value, info, kind)
        if type(name) is not str and is_awaitable(name):
            run.handed.append(name)
            return waited(run, name, value, path, info)
        return make(run, name, value, path, info)

    return complete


def _list(kind: Any, place: Place) -> Completion:
    entries = _entries(kind.of_type, place)

    def complete(run: Run, value: Any, path: Any) -> Any:
        if type(value) is list:
            return entries(run, value, path)
        if value is None or value is Undefined:
            return None
        if isinstance(value, Exception):
            raise value
        if run.is_async_iterable(value) or not is_iterable(value):
            return run.complete_list_value(kind, place.details, place.info(run, path), path, value, None)
        return entries(run, value, path)

    return complete


def _entries(kind: GraphQLOutputType, place: Place) -> Completion:
    entry = _entry(kind, place)

    def entries(run: Run, values: Any, path: Any) -> Any:
        made: list[Any] = []
        waiting: list[int] = []
        iterator = iter(values)
        try:
            for number, value in enumerate(iterator):
                found = entry(run, value, path, number)
                made.append(found)
                if type(found) not in PLAIN and is_awaitable(found):
                    waiting.append(number)
        except Exception:
            orphans = [made[number] for number in waiting]
            orphans.extend(collect_iterator_awaitables(iterator, is_awaitable))
            if orphans:
                run.settle_in_background(orphans)
            raise
        return gathered(made, waiting) if waiting else made

    return entries


def _entry(kind: GraphQLOutputType, place: Place) -> Callable[[Run, Any, Any, int], Any]:
    """What completes an entry of a list, or gives an awaitable of it."""
    complete = completion(kind, place)
    is_leaf = is_leaf_type(nullable(kind))

    def entry(run: Run, value: Any, path: Any, number: int) -> Any:
        here = None if is_leaf else Path(path, number, None)
        try:
            if type(value) not in PLAIN and is_awaitable(value):
                return completed(run, value, complete, kind, place, here or Path(path, number, None))
            found = complete(run, value, here)
        except Exception as error:  # noqa: BLE001  whatever it is, it is told in the answer
            run.handle_field_error(error, kind, place.details, here or Path(path, number, None))
            return None
        if type(found) not in PLAIN and is_awaitable(found):
            return guarded(run, found, kind, place, here or Path(path, number, None))
        return found

    return entry
