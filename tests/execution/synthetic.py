"""A schema with every kind of type, and every way in which a resolver can answer or fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLSchema, build_schema

if TYPE_CHECKING:
    from collections.abc import Callable

TYPES = {
    "text": "String",
    "textNonNull": "String!",
    "int": "Int",
    "float": "Float!",
    "id": "ID",
    "flag": "Boolean!",
    "upper": "Upper",
    "color": "Color",
    "ints": "[Int]",
    "intsNonNull": "[Int!]!",
    "texts": "[[String]!]",
    "a": "A",
    "aNonNull": "A!",
    "b": "B",
    "named": "Named",
    "namedNonNull": "Named!",
    "either": "Either",
    "aList": "[A]",
    "aListNonNull": "[A!]!",
    "eithers": "[Either!]",
    "nameds": "[[Named]]",
}
LEAVES: dict[str, Any] = {
    "String": "text", "Int": 7, "Float": 0.5, "ID": "id1", "Boolean": False, "Upper": "loud", "Color": 2,
}  # fmt: skip
WAYS = ("Sync", "Async", "Null", "Raises", "AsyncRaises", "AsyncNull", "Returned", "Mixed", "Wrong", "Iterator")


class Failure(Exception):
    """What a resolver raises."""


class Thing:
    """An object of type A or B, which its type is asked about in one of two ways."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


def build() -> GraphQLSchema:
    """The schema with its resolvers."""
    fields = "\n".join(f"{name}{way}: {kind}" for name, kind in TYPES.items() for way in WAYS)
    own = 'echo(text: String = "default", point: Point, color: Color, up: Upper, must: Int! = 4): String'
    schema = build_schema(
        f"""
        scalar Upper
        enum Color {{ RED GREEN }}
        input Point {{ x: Int! = 1, y: [Int!], color: Color = RED }}
        interface Named {{ {fields} }}
        type A implements Named {{ {fields} {own} }}
        type B implements Named {{ {fields} }}
        union Either = A | B
        type Query {{ {fields} {own} }}
        type Mutation {{ {fields} }}
        """
    )
    kinds: dict[str, Any] = schema.type_map
    kinds["Color"].values["RED"].value = 1
    kinds["Color"].values["GREEN"].value = 2
    kinds["Color"]._value_lookup = None  # noqa: SLF001  the values were changed
    kinds["Upper"].coerce_output_value = _shout
    for kind in ("Query", "Mutation", "A", "B"):
        for name, typed in TYPES.items():
            for way in WAYS:
                kinds[kind].fields[f"{name}{way}"].resolve = _resolver(name, typed, way)
    for kind in ("Query", "A"):
        kinds[kind].fields["echo"].resolve = _echo
    kinds["Named"].resolve_type = _type_of
    kinds["Either"].resolve_type = _type_soon
    kinds["A"].is_type_of = lambda value, _info: isinstance(value, Thing)
    kinds["B"].is_type_of = _is_b
    return schema


def _shout(value: Any) -> Any:
    if not isinstance(value, str):
        raise Failure("not a text")
    return None if value == "none" else value.upper()


def _echo(_source: Any, info: Any, **given: Any) -> str:
    return f"{info.path.as_list()} {info.field_name} {given}"


def _type_of(value: Any, _info: Any, _kind: Any) -> Any:
    if not isinstance(value, Thing):
        raise Failure("no thing")
    return value.kind


async def _type_soon(value: Any, _info: Any, _kind: Any) -> Any:
    return value.kind if isinstance(value, Thing) else None


async def _is_b(value: Any, _info: Any) -> bool:
    return isinstance(value, Thing) and value.kind == "B"


def _value(typed: str, number: int = 0) -> Any:
    """A good value of a type."""
    typed = typed.removesuffix("!")
    if typed.startswith("["):
        return [_value(typed[1:-1], number + one) for one in range(3)]
    if typed in LEAVES:
        return LEAVES[typed]
    return Thing(typed if typed in {"A", "B"} else "AB"[number % 2])


async def _soon(value: Any) -> Any:
    return value


async def _fail(text: str) -> Any:
    raise Failure(text)


async def _each(values: list[Any]) -> Any:
    for value in values:
        yield value
    yield _soon(values[0])


def _resolver(name: str, typed: str, way: str) -> Callable[..., Any]:
    def resolve(_source: Any, _info: Any) -> Any:
        value = _value(typed)
        many = isinstance(value, list)
        answers: dict[str, Callable[[], Any]] = {
            "Sync": lambda: value,
            "Async": lambda: _soon(value),
            "Null": lambda: None,
            "Raises": lambda: _raise(name),
            "AsyncRaises": lambda: _fail(name),
            "AsyncNull": lambda: _soon(None),
            "Returned": lambda: Failure(f"returned {name}"),
            "Mixed": lambda: (
                [value[0], _soon(value[1]), None, _fail("entry"), Failure("1"), value[2]] if many else "none"
            ),
            "Wrong": lambda: [3, object] if many else {"no": "such"},
            "Iterator": lambda: _each(value) if many else _soon(Failure("awaited")),
        }
        return answers[way]()

    return resolve


def _raise(text: str) -> Any:
    raise Failure(text)
