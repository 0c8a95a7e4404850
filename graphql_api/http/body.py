"""Request bodies, read strictly: what is not plainly JSON or a form is refused, with the place where it is not.

JSON is parsed by jiter, which knows all that is asked of it: UTF-8 only, no lone surrogates, no key twice, no NaN, no
text after the value, and numbers with a point or an exponent as `Decimal`, so that money never passes through a float.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import jiter

if TYPE_CHECKING:
    from starlette.requests import Request

DEEPEST = 64
"""Levels of lists and objects in a JSON document."""

MOST_FIELDS = 100
"""Fields of a form."""

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"

_BOM = b"\xef\xbb\xbf"
_WORDS = {
    "EOF while": "it ends too early",
    "Detected duplicate": "an object has a key twice",
    "lone leading surrogate": "a lone surrogate is not text",
    "unexpected end of hex": "a lone surrogate is not text",
    "invalid unicode code point": "it is not UTF-8",
    "trailing characters": "something follows the value",
    "recursion limit": "it is nested too deep",
    "number out of range": "a number has too many digits",
    "Internal error": "a number has too large an exponent",
}


class BodyError(Exception):
    """A body that is not taken. `status` is 400 or 415; each door shows it in the shape of its own errors."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        """Say in `detail` what is wrong and where."""
        self.status = status
        self.title = title
        self.detail = detail
        super().__init__(detail)


def media_type(request: Request) -> str:
    """The body's media type in small letters, "" if none is named. Raises `BodyError` for a charset but UTF-8."""
    kind, *parameters = request.headers.get("content-type", "").split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in ("utf-8", "utf8"):
            raise BodyError(415, "Unsupported Media Type", "The body's charset must be UTF-8.")
    return kind.strip().lower()


async def read_json(request: Request) -> Any:
    """The JSON value of the body: numbers are `int`, or `Decimal` if written with a point or an exponent.

    Raises `BodyError`: 415 unless the content type is application/json or ends in +json, else 400. Reading raises
    `HTTPException` where the server's limits are reached, and `ClientDisconnect` when half a body is followed by none.
    """
    kind = media_type(request)
    if not is_json(kind):
        raise unsupported(kind, JSON_TYPE)
    return parse_json(await request.body())


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form (application/x-www-form-urlencoded). Raises `BodyError`."""
    kind = media_type(request)
    if kind != FORM_TYPE:
        raise unsupported(kind, FORM_TYPE)
    return parse_form(await request.body())


def is_json(kind: str) -> bool:
    """Whether a media type is one of JSON."""
    return kind == JSON_TYPE or (kind.startswith("application/") and kind.endswith("+json"))


def unsupported(kind: str, *taken: str) -> BodyError:
    """What is said to a content type that is not one of those that are taken."""
    said = f"not {kind[:100]!r}" if kind else "and none was given"
    return BodyError(415, "Unsupported Media Type", f"The Content-Type must be {' or '.join(taken)}, {said}.")


def parse_json(body: bytes) -> Any:
    """The value of a JSON document. Raises `BodyError` 400 with what is wrong, by line and column."""
    if body.startswith(_BOM):
        raise _not_json("it begins with a byte order mark at line 1 column 1")
    try:
        value = jiter.from_json(body, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="decimal")
    except ValueError as error:
        raise _not_json(_explained(str(error))) from None
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_deep(value):
        raise _not_json(f"it is nested more than {DEEPEST} levels deep")
    return value


def parse_form(body: bytes) -> dict[str, str]:
    """The fields of an encoded form, none of them twice. Raises `BodyError` 400."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except UnicodeDecodeError:
        raise BodyError(400, "Bad Request", "The form is not percent-encoded UTF-8.") from None
    except ValueError:
        raise BodyError(400, "Bad Request", f"The form has more than {MOST_FIELDS} fields.") from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name in fields:
            raise BodyError(400, "Bad Request", f"The form has the field {name[:50]!r} twice.")
        fields[name] = value
    return fields


def _not_json(reason: str) -> BodyError:
    return BodyError(400, "Bad Request", f"The JSON body is refused: {reason}.")


def _explained(message: str) -> str:
    reason, at, place = message.rpartition(" at line ")
    for beginning, words in _WORDS.items():
        if reason.startswith(beginning):
            key = reason.removeprefix("Detected duplicate key ") if beginning == "Detected duplicate" else ""
            return f"{words}{f' ({key[:50]})' if key else ''}{at}{place}"
    return message


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                inner.extend(node.values())
            elif isinstance(node, list):
                inner.extend(node)
        if not inner:
            return False
        level = inner
    return any(isinstance(node, (dict, list)) for node in level)
