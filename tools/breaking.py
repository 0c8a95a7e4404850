"""Tell how one description of an interface breaks the clients of another.

    python -m tools.breaking OLD NEW

Both are GraphQL schemas (*.graphql) or OpenAPI documents (*.json). Prints a line for each break
and ends with status 1 when there is one.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import build_schema, find_breaking_changes

Json = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def graphql_breaks(old: str, new: str) -> list[str]:
    """Return how the second schema breaks queries written for the first."""
    changes = find_breaking_changes(build_schema(old), build_schema(new))
    return [change.description for change in changes]


def openapi_breaks(old: Json, new: Json) -> list[str]:
    """Return how the second document breaks clients written for the first."""
    return list(_Comparison(old, new).breaks())


class _Comparison:
    """Two OpenAPI documents, compared operation by operation.

    What a client sends may be asked for less, and what it gets may hold more, never the reverse.
    """

    def __init__(self, old: Json, new: Json) -> None:
        self._old = old
        self._new = new
        self._seen: set[tuple[str, str, bool]] = set()

    def breaks(self) -> Iterator[str]:
        for path, old_item in self._old.get("paths", {}).items():
            new_item = self._new.get("paths", {}).get(path, {})
            for method in METHODS:
                if method not in old_item:
                    continue
                where = f"{method.upper()} {path}"
                if method in new_item:
                    yield from self._operation(where, old_item[method], new_item[method])
                else:
                    yield f"{where} was removed"

    def _operation(self, where: str, old: Json, new: Json) -> Iterator[str]:
        before, after = _parameters(self._old, old), _parameters(self._new, new)
        for key in before.keys() - after.keys():
            yield f"{where}: {key[0]} parameter {key[1]} was removed"
        for key, parameter in after.items():
            name = f"{where}: {key[0]} parameter {key[1]}"
            earlier = before.get(key, {})
            if parameter.get("required") and not earlier.get("required"):
                yield f"{name} became required"
            if earlier:
                schemas = earlier.get("schema", {}), parameter.get("schema", {})
                yield from self._schema(name, *schemas, sent=True)
        yield from self._body(where, old, new)
        for status, response in old.get("responses", {}).items():
            answer = new.get("responses", {}).get(status)
            if answer is None:
                yield f"{where}: response {status} was removed"
            else:
                contents = (
                    _resolved(self._old, response).get("content", {}),
                    _resolved(self._new, answer).get("content", {}),
                )
                yield from self._contents(f"{where}: response {status}", *contents, sent=False)

    def _body(self, where: str, old: Json, new: Json) -> Iterator[str]:
        before = _resolved(self._old, old.get("requestBody", {}))
        after = _resolved(self._new, new.get("requestBody", {}))
        if after.get("required") and not before.get("required"):
            yield f"{where}: the request's body became required"
        contents = before.get("content", {}), after.get("content", {})
        yield from self._contents(f"{where}: request", *contents, sent=True)

    def _contents(self, where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
        for media, content in old.items():
            if media not in new:
                yield f"{where}: {media} was removed"
            else:
                schemas = content.get("schema", {}), new[media].get("schema", {})
                yield from self._schema(f"{where}: {media}", *schemas, sent=sent)

    def _schema(self, where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
        """Compare what a client sends, or what it gets."""
        key = (json.dumps(old, sort_keys=True), json.dumps(new, sort_keys=True), sent)
        if key in self._seen:
            return
        self._seen.add(key)
        old, new = _resolved(self._old, old), _resolved(self._new, new)
        lost, added = _types(old) - _types(new), _types(new) - _types(old)
        if (sent and _types(new) and (lost or not _types(old))) or (
            not sent and _types(old) and (added or not _types(new))
        ):
            yield f"{where}: the type changed from {_named(old)} to {_named(new)}"
        yield from _enumeration(where, old, new, sent=sent)
        yield from _required(where, old, new, sent=sent)
        for name, schema in old.get("properties", {}).items():
            later = new.get("properties", {}).get(name)
            if later is None:
                yield f"{where}: property {name} was removed"
            else:
                yield from self._schema(f"{where}: {name}", schema, later, sent=sent)
        if "items" in old and "items" in new:
            yield from self._schema(f"{where}: items", old["items"], new["items"], sent=sent)


def _enumeration(where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
    before, after = old.get("enum"), new.get("enum")
    if sent and after is not None:
        gone = "the values are limited" if before is None else set(before) - set(after)
        if gone:
            yield f"{where}: no longer takes all that it took ({gone})"
    if not sent and before is not None and (after is None or set(after) - set(before)):
        yield f"{where}: can be a value that it could not be"


def _required(where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    if sent:
        for name in sorted(after - before):
            yield f"{where}: property {name} became required"
    else:
        for name in sorted((before - after) & new.get("properties", {}).keys()):
            yield f"{where}: property {name} can be left out"


def _parameters(document: Json, operation: Json) -> dict[tuple[str, str], Json]:
    found = (_resolved(document, parameter) for parameter in operation.get("parameters", ()))
    return {(parameter["in"], parameter["name"]): parameter for parameter in found}


def _types(schema: Json) -> set[str]:
    """Return the types that a schema allows; none when it allows all."""
    if "anyOf" in schema:
        parts = [_types(part) or {part.get("$ref", "any")} for part in schema["anyOf"]]
        return set().union(*parts)
    kind = schema.get("type", ())
    return {kind} if isinstance(kind, str) else set(kind)


def _named(schema: Json) -> str:
    return " or ".join(sorted(_types(schema))) or "any"


def _resolved(document: Json, node: Json) -> Json:
    """Follow a reference within the document."""
    while "$ref" in node:
        target: Json = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def main(old: Path, new: Path) -> int:
    """Print the breaks between two files and return the exit status."""
    before, after = old.read_text(), new.read_text()
    if new.suffix == ".graphql":
        breaks = graphql_breaks(before, after)
    else:
        breaks = openapi_breaks(json.loads(before), json.loads(after))
    for line in breaks:
        print(f"breaking: {line}")
    return 1 if breaks else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
