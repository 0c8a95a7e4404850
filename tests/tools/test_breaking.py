"""A description that breaks clients is told from one that only grows."""

import copy
from typing import Any

import pytest

from tools.breaking import Json, graphql_breaks, openapi_breaks

DOCUMENT: Json = {
    "paths": {
        "/transactions": {
            "get": {
                "parameters": [{"in": "query", "name": "limit", "schema": {"type": "integer"}}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}
                },
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Draft"}}}},
                "responses": {"201": {"description": "created"}},
            },
        }
    },
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "required": ["total"],
                "properties": {
                    "total": {"type": "integer"},
                    "next": {"$ref": "#/components/schemas/Page"},
                },
            },
            "Draft": {
                "type": "object",
                "required": ["amount"],
                "properties": {
                    "amount": {"type": ["number", "string"]},
                    "kind": {"type": "string", "enum": ["expense", "refund"]},
                },
            },
        }
    },
}

GET = ("paths", "/transactions", "get")
PAGE = ("components", "schemas", "Page")
DRAFT = ("components", "schemas", "Draft")


def changed(*path: str, to: Any) -> Json:
    """Return the document with one place changed; None removes it."""
    document = copy.deepcopy(DOCUMENT)
    node = document
    for part in path[:-1]:
        node = node[part]
    if to is None:
        del node[path[-1]]
    else:
        node[path[-1]] = to
    return document


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (changed("paths", "/transactions", "post", to=None), "POST /transactions was removed"),
        (changed(*GET, "parameters", to=[]), "query parameter limit was removed"),
        (
            changed(*GET, "parameters", to=[{"in": "query", "name": "q", "required": True}]),
            "query parameter q became required",
        ),
        (changed(*GET, "responses", to={}), "response 200 was removed"),
        (changed(*PAGE, "properties", "total", to=None), "property total was removed"),
        (changed(*PAGE, "properties", "total", "type", to="string"), "from integer to string"),
        (changed(*PAGE, "required", to=[]), "property total can be left out"),
        (changed(*DRAFT, "required", to=["amount", "kind"]), "property kind became required"),
        (changed(*DRAFT, "properties", "amount", "type", to="number"), "the type changed"),
        (changed(*DRAFT, "properties", "kind", "enum", to=["expense"]), "no longer takes"),
    ],
)
def test_a_break_is_told(document: Json, told: str) -> None:
    breaks = openapi_breaks(DOCUMENT, document)
    assert [line for line in breaks if told in line], breaks


@pytest.mark.parametrize(
    "document",
    [
        DOCUMENT,
        changed("paths", "/new", to={"get": {"responses": {}}}),
        changed(*GET, "responses", "404", to={"description": "none"}),
        changed(*PAGE, "properties", "more", to={"type": "boolean"}),
        changed(*PAGE, "required", to=["total", "next"]),
        changed(*DRAFT, "required", to=[]),
        changed(*DRAFT, "properties", "amount", "type", to=["number", "string", "null"]),
        changed(*DRAFT, "properties", "kind", "enum", to=["expense", "refund", "transfer"]),
    ],
)
def test_growth_is_no_break(document: Json) -> None:
    assert openapi_breaks(DOCUMENT, document) == []


def test_graphql() -> None:
    old = "type Query { total(month: Int): Int }"
    assert graphql_breaks(old, "type Query { total(month: Int, year: Int): Int, more: Int }") == []
    assert graphql_breaks(old, "type Query { more: Int }") == ["Field Query.total was removed."]
