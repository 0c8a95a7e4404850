"""Generated operations: any field of the schema, with arguments out of a pool of ids, cursors and texts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

_DEEPEST = 4
_DEEPEST_INPUT = 3
_MOST_FIELDS = 7
_SELDOM, _OFTEN, _MOSTLY = 0.03, 0.12, 0.8
_ONE_OF = ("transaction",)
"""Fields that take one argument out of several."""

_PAGES = ("first", "last", "after", "before")


@dataclass
class Pool:
    """What arguments are chosen from: ids of all kinds, ids of ledgers, cursors and texts."""

    ids: list[str]
    ledgers: list[str]
    cursors: list[str]
    texts: list[str]


class Operations:
    """Makes operations of a schema, the same ones for the same seed."""

    def __init__(self, schema: GraphQLSchema, pool: Pool, seed: int) -> None:
        self._schema = schema
        self._pool = pool
        self._random = Random(seed)  # noqa: S311  no secret

    def query(self) -> str:
        """A query of one root field."""
        return f"{{ {self._root(self._schema.query_type)} }}"

    def mutation(self) -> str:
        """A mutation of one root field."""
        return f"mutation {{ {self._root(self._schema.mutation_type)} }}"

    def subscription(self) -> str:
        """A subscription."""
        return f"subscription {{ {self._root(self._schema.subscription_type)} }}"

    def _root(self, kind: GraphQLObjectType | None) -> str:
        assert kind is not None
        name = self._random.choice(sorted(kind.fields))
        return self._field(kind, name, 0)

    def _field(self, kind: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int) -> str:
        found = kind.fields[name]
        return f"{name}{self._arguments(name, found.args)}{self._selection(get_named_type(found.type), depth + 1)}"

    def _selection(self, kind: Any, depth: int) -> str:
        if not isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            return ""
        parts = ["__typename"]
        deeper = []
        for name, found in kind.fields.items():
            if isinstance(get_named_type(found.type), (GraphQLObjectType, GraphQLInterfaceType)):
                deeper.append(name)
            else:
                parts.append(f"{name}{self._arguments(name, found.args)}")
        if depth < _DEEPEST:
            chosen = self._random.sample(deeper, min(len(deeper), self._random.randint(1, _MOST_FIELDS)))
            parts += [self._field(kind, name, depth) for name in chosen]
        if isinstance(kind, GraphQLInterfaceType) and depth < _DEEPEST:
            shown = self._random.choice(self._schema.get_possible_types(kind))
            parts.append(f"... on {shown.name} {self._aliased(shown, depth + 1)}")
        return "{ " + " ".join(parts) + " }"

    def _aliased(self, kind: GraphQLObjectType, depth: int) -> str:
        """A selection whose fields go by names of their own, so that types of different shape stand side by side."""
        parts = ["__typename"]
        for name in kind.fields:
            inner = get_named_type(kind.fields[name].type)
            if not isinstance(inner, (GraphQLObjectType, GraphQLInterfaceType)) or self._random.random() < 0.3:
                parts.append(f"{kind.name.lower()}_{name}: {self._field(kind, name, depth)}")
        return "{ " + " ".join(parts) + " }"

    def _arguments(self, owner: str, arguments: dict[str, GraphQLArgument]) -> str:
        if owner in _ONE_OF and len(arguments) > 1:
            name = self._random.choice(list(arguments))
            return f"({name}: {self._of(name, arguments[name].type, 0)})"
        given = []
        paged = [name for name in _PAGES if name in arguments]
        for name, argument in arguments.items():
            if name in paged:
                continue
            if is_required_argument(argument) or name in {"id", "ledgerId"} or self._random.random() < _OFTEN:
                of = "ledgerId" if owner == "ledger" and self._random.random() < _MOSTLY else name
                given.append(f"{name}: {self._of(of, argument.type, 0)}")
        if "first" in paged:
            given.append(f"first: {self._random.randint(1, 3)}")
            if self._random.random() < _SELDOM:
                given.append(f"after: {json.dumps(self._random.choice(self._pool.cursors))}")
        return f"({', '.join(given)})" if given else ""

    def _of(self, name: str, kind: Any, depth: int) -> str:
        if isinstance(kind, GraphQLNonNull):
            return self._of(name, kind.of_type, depth)
        if isinstance(kind, GraphQLList):
            return "[" + ", ".join(self._of(name, kind.of_type, depth) for _ in range(self._random.randint(1, 3))) + "]"
        if isinstance(kind, GraphQLEnumType):
            return str(self._random.choice(sorted(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind, depth + 1)
        return self._scalar(name, kind.name)

    def _object(self, kind: GraphQLInputObjectType, depth: int) -> str:
        names = list(kind.fields)
        if kind.is_one_of or kind.name == "AsOf":  # Strawberry checks the latter by itself
            chosen = [self._random.choice(names)]
        else:
            chosen = [
                name
                for name, found in kind.fields.items()
                if is_required_input_field(found)
                or name == "ledgerId"
                or (depth < _DEEPEST_INPUT and self._random.random() < 0.3)
            ]
        return "{" + ", ".join(f"{name}: {self._of(name, kind.fields[name].type, depth)}" for name in chosen) + "}"

    def _scalar(self, name: str, kind: str) -> str:  # noqa: PLR0911  a return for each kind of value
        pool, random = self._pool, self._random
        if kind == "ID":
            fitting = pool.ledgers if name == "ledgerId" or random.random() < 0.2 else pool.ids
            return json.dumps(random.choice(fitting))
        match kind:
            case "Int":
                return str(random.randint(0, 6))
            case "Boolean":
                return random.choice(["true", "false"])
            case "Date":
                return '"2026-02-03"'
            case "Month":
                return '"2026-02"'
            case "DateTime":
                return '"2126-02-03T00:00:00Z"'
            case "Decimal":
                return '"1.00"'
            case "BigInt":
                return str(random.randint(-5, 5))
            case _:
                return json.dumps(random.choice(pool.texts))
