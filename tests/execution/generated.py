"""Generated documents over any schema: aliases, fragments, conditions, variables, arguments."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    parse,
    validate,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql import GraphQLSchema


@dataclass
class Generated:
    """A valid document, and variables that may be wrong."""

    text: str
    variables: dict[str, Any]


@dataclass
class Writer:
    """Writes one document by a source of randomness; `literals` are texts of values by the scalar's name."""

    schema: GraphQLSchema
    random: random.Random
    literals: Mapping[str, Sequence[str]]
    depth: int = 4
    fragments: list[str] = field(default_factory=list)
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    aliases: int = 0

    def write(self, operation: str = "query") -> Generated:
        """A document with one operation."""
        root = self.schema.query_type if operation == "query" else self.schema.mutation_type
        selection = self.selection(root, self.depth)
        declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in self.variables.items())
        head = f"{operation} Made({declared})" if declared else f"{operation} Made"
        given = {name: value for name, (_, value) in self.variables.items() if value is not ...}
        return Generated("\n".join([f"{head} {selection}", *self.fragments]), given)

    def selection(self, kind: Any, depth: int) -> str:
        """What is selected of an object, an interface or a union."""
        chosen = [self.one(kind, depth) for _ in range(self.random.randint(1, 4))]
        found = [text for text in chosen if text]
        return "{ " + " ".join(found or ["__typename"]) + " }"

    def one(self, kind: Any, depth: int) -> str:
        """A field, a fragment or nothing."""
        choice = self.random.random()
        if choice < 0.1:
            return f"__typename{self.condition()}"
        if depth > 0 and (choice < 0.3 or isinstance(kind, GraphQLUnionType)):
            inner = self.random.choice(self.schema.get_possible_types(kind)) if is_abstract_type(kind) else kind
            if self.random.random() < 0.5:
                return f"... on {inner.name}{self.condition()} {self.selection(inner, depth - 1)}"
            name = f"F{len(self.fragments)}"
            self.fragments.append("")
            place = len(self.fragments) - 1
            self.fragments[place] = f"fragment {name} on {inner.name} {self.selection(inner, depth - 1)}"
            return f"...{name}{self.condition()}" * self.random.choice([1, 1, 2])
        if isinstance(kind, GraphQLUnionType):
            return "__typename"
        return self.field(kind, depth)

    def field(self, kind: Any, depth: int) -> str:
        """A field, with what is selected below it."""
        usable = [name for name, one in kind.fields.items() if depth > 0 or is_leaf_type(get_named_type(one.type))]
        if not usable:
            return ""
        name = self.random.choice(usable)
        definition = kind.fields[name]
        given = [
            f"{one}: {self.argument(argument.type)}"
            for one, argument in definition.args.items()
            if is_required_argument(argument) or self.random.random() < 0.3
        ]
        alias = ""
        if given or self.random.random() < 0.3:
            self.aliases += 1
            alias = f"a{self.aliases}: "
        named = get_named_type(definition.type)
        below = "" if is_leaf_type(named) else f" {self.selection(named, depth - 1)}"
        arguments = f"({', '.join(given)})" if given else ""
        return f"{alias}{name}{arguments}{self.condition()}{below}"

    def condition(self) -> str:
        """@skip or @include, mostly not."""
        if self.random.random() > 0.15:
            return ""
        if self.random.random() < 0.5:
            value = self.random.choice(["true", "false"])
        else:
            value = self.variable(
                *self.random.choice([("Boolean!", True), ("Boolean!", False), ("Boolean! = true", ...)])
            )
        return f" @{self.random.choice(['skip', 'include'])}(if: {value})"

    def variable(self, kind: str, value: Any) -> str:
        """A new variable; `...` is for none given."""
        name = f"v{len(self.variables)}"
        self.variables[name] = (kind, value)
        return f"${name}"

    def argument(self, kind: Any) -> str:
        """A value for an argument: a literal or a variable."""
        if self.random.random() < 0.3:
            named = get_named_type(kind)
            if named.name in {"Int", "String", "Boolean"} and not isinstance(kind, GraphQLList):
                value = self.random.choice(
                    [{"Int": 3, "String": "text", "Boolean": True}[named.name], None, "wrong", ...]
                )
                return self.variable(str(kind), value)
        return self.literal(kind)

    def literal(self, kind: Any) -> str:
        """A literal of an input type."""
        if isinstance(kind, GraphQLNonNull):
            return self.literal(kind.of_type)
        if isinstance(kind, GraphQLList):
            return f"[{', '.join(self.literal(kind.of_type) for _ in range(self.random.randint(0, 2)))}]"
        if isinstance(kind, GraphQLEnumType):
            return str(self.random.choice(list(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            fields = [
                f"{name}: {self.literal(one.type)}"
                for name, one in kind.fields.items()
                if is_required_input_field(one) or self.random.random() < 0.2
            ]
            return "{" + ", ".join(fields) + "}"
        return self.random.choice(self.literals[kind.name])


def valid_document(
    schema: GraphQLSchema, source: random.Random, literals: Mapping[str, Sequence[str]], operation: str = "query"
) -> Generated | None:
    """A document, None if it came out invalid."""
    found = Writer(schema, source, literals).write(operation)
    return None if validate(schema, parse(found.text)) else found
