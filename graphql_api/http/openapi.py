"""The OpenAPI 3.1 document of both REST dialects, made of the same declarations that mount their routes.

pydantic draws the schemas, in the JSON Schema dialect that OpenAPI 3.1 takes as it is; what remains is to lay out the
operations. The libraries that do this for Starlette were looked at and left aside: spectree and its like read request
bodies themselves, through floats and with errors of their own shape; apispec holds the dictionary that is built here
and draws no schema of a pydantic model without a plugin.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

import graphql_api
from graphql_api.http import v1, workshop

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import BaseModel

    from graphql_api.http.operation import Answer, Header, Operation

Json = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"
_DESCRIPTION = """\
A self-hosted ledger of expenses. Its full interface is GraphQL at `/graphql`; these two dialects of REST are for \
programs that speak one of them already.

Amounts in answers are JSON numbers, exact to the last digit: parse them as decimals. Every request may name a ledger \
in `X-Ledger-Id`; without it the first ledger is meant."""

_TAGS = {
    "v1": (
        'Under /api/v1. Errors are {"detail": ...}; when an input is refused, `detail` lists where and why.',
        v1.OPERATIONS,
    ),
    "workshop": (
        (
            "The dialect of the three-tier web architecture workshop's client, at / and under /api. "
            'Errors are {"message": ..., "error": ...}.'
        ),
        (workshop.HEALTH, *workshop.OPERATIONS),
    ),
}


_SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A personal API token or an access token of the OpenID Connect issuer; local mode needs none.",
    }
}
_SECURITY: list[Json] = [{"token": []}, {}]
"""A token, or nothing."""


class _Untitled(GenerateJsonSchema):
    """Leaves out the titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False


@cache
def document_text() -> str:
    """The document as it is served and committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def document() -> Json:
    """The document as plain data."""
    schemas = _Schemas([operation for _, operations in _TAGS.values() for operation in operations])
    paths: Json = {}
    for tag, (_, operations) in _TAGS.items():
        for path, group in groupby(operations, lambda operation: operation.path):
            item: Json = {"servers": [{"url": "/"}, {"url": "/api"}]} if tag == "workshop" else {}
            item.update({operation.method.lower(): _operation(tag, operation, schemas) for operation in group})
            paths[path] = item
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Expense Ledger",
            "version": graphql_api.__version__,
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": description} for name, (description, _) in _TAGS.items()],
        "paths": paths,
        "components": {"schemas": schemas.definitions, "securitySchemes": _SCHEMES},
    }


class _Schemas:
    """The schemas of everything that operations take and answer."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        inputs = {operation.body for operation in operations if operation.body is not None}
        outputs = {
            shape
            for operation in operations
            for answer in operation.answers.values()
            for shape in answer.contents.values()
        }
        adapters = [(shape, "validation", TypeAdapter(shape)) for shape in sorted(inputs, key=_name)]
        adapters += [(shape, "serialization", TypeAdapter(shape)) for shape in sorted(outputs, key=_name)]
        references, drawn = TypeAdapter.json_schemas(adapters, ref_template=_REFERENCE, schema_generator=_Untitled)  # type: ignore[arg-type]
        self._references = {shape: reference for (shape, _), reference in references.items()}
        self.definitions: Json = dict(sorted(drawn["$defs"].items()))

    def of(self, shape: Any) -> Json:
        """A reference to the schema of a shape."""
        return self._references[shape]


def _name(shape: Any) -> str:
    return f"{shape.__module__}.{getattr(shape, '__qualname__', shape)}"


def _operation(tag: str, operation: Operation, schemas: _Schemas) -> Json:
    described: Json = {"operationId": operation.id, "summary": operation.summary, "tags": [tag]}
    if operation.description:
        described["description"] = operation.description
    parameters = [
        *_parameters("path", operation.path_parameters),
        *_parameters("query", operation.query),
        *({**_header(header), "name": header.name, "in": "header"} for header in operation.headers),
    ]
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        content = {kind: {"schema": schemas.of(operation.body)} for kind in operation.body_types}
        described["requestBody"] = {"required": True, "content": content}
    if not operation.is_open:
        described["security"] = _SECURITY
    answers = sorted(operation.answers.items())
    described["responses"] = {str(status): _answer(answer, schemas) for status, answer in answers}
    return described


def _parameters(where: str, model: type[BaseModel] | None) -> Iterable[Json]:
    if model is None:
        return
    drawn = model.model_json_schema(schema_generator=_Untitled)
    for name, schema in drawn["properties"].items():
        description = schema.pop("description", "")
        yield {
            "name": name,
            "in": where,
            "required": name in drawn.get("required", ()),
            "description": description,
            "schema": schema,
        }


def _header(header: Header) -> Json:
    return {"description": header.description, "schema": dict(header.schema)}


def _answer(answer: Answer, schemas: _Schemas) -> Json:
    described: Json = {"description": answer.description}
    if answer.headers:
        described["headers"] = {header.name: _header(header) for header in answer.headers}
    if answer.contents:
        described["content"] = {media: {"schema": schemas.of(shape)} for media, shape in answer.contents.items()}
    if answer.links:
        described["links"] = {
            link.operation: {"operationId": link.operation, "parameters": dict(link.parameters)}
            for link in answer.links
        }
    return described
