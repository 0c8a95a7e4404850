"""Bodies are read strictly, and told what is wrong and where."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from graphql_api.http.body import DEEPEST, MOST_FIELDS, BodyError, parse_form, parse_json


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": 0.1}', {"a": Decimal("0.1")}),
        (b"12.50", Decimal("12.50")),
        (b"1e400", Decimal("1e400")),
        (b"-0", 0),
        (b"9007199254740993", 9007199254740993),
        (b"9" * 4300, int("9" * 4300)),
        (b' {"a": [1, true, null, "x"]}\n', {"a": [1, True, None, "x"]}),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        ('"\U0001f600 \u202e"'.encode(), "\U0001f600 \u202e"),
        (b"[" * DEEPEST + b"]" * DEEPEST, None),
    ],
)
def test_json_is_read_exactly(body: bytes, value: Any) -> None:
    found = parse_json(body)
    if value is not None:
        assert found == value
        assert type(found) is type(value)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "ends too early"),
        (b'{"a": 1', "ends too early at line 1 column 7"),
        (b'{"a": "b', "ends too early at line 1 column 8"),
        (b'{"a": 1} x', "something follows the value at line 1 column 10"),
        (b'{"a": 1, "a": 2}', 'a key twice ("a") at line 1 column 14'),
        (b'{"a": 1, "\\u0061": 2}', "a key twice"),
        (b'{"a": {"b": 1, "b": 1}}', 'a key twice ("b")'),
        (b'{"a": NaN}', "line 1 column 7"),
        (b'{"a": Infinity}', "line 1 column 7"),
        (b'{"a": -Infinity}', "line 1 column 8"),
        (b'{\n"a":\n\n 01}', "line 4 column 3"),
        (b'"\\ud800"', "lone surrogate"),
        (b'"\\ud800x"', "lone surrogate"),
        (b'"\\udc00\\ud800"', "lone surrogate"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (b'"\xff"', "not UTF-8 at line 1 column 2"),
        ('{"a": 1}'.encode("utf-16"), "line 1 column 1"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b"{'a': 1}", "line 1 column 2"),
        (b"[1,]", "trailing comma"),
        (b"// x\n{}", "line 1 column 1"),
        (b'"\x00"', "control character"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "more than 64 levels"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "more than 64 levels"),
        (b"[" * 1_000_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
        (b"9" * 4301, "too many digits"),
        (b"9" * 1_000_000, "too many digits"),
        (b"1e999999999999999999999", "too large an exponent"),
        (b"1e-999999999999999999999", "too large an exponent"),
    ],
)
def test_what_is_no_plain_json_is_refused_with_its_place(body: bytes, told: str) -> None:
    with pytest.raises(BodyError) as refused:
        parse_json(body)
    assert refused.value.status == 400
    assert told in refused.value.detail


def test_forms() -> None:
    assert parse_form(b"amount=12.50&desc=caf%C3%A9+au+lait&empty=") == {
        "amount": "12.50",
        "desc": "café au lait",
        "empty": "",
    }


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"a=1&a=2", "'a' twice"),
        (b"a=%ff", "UTF-8"),
        (b"a=\xff", "UTF-8"),
        (b"&".join(b"a%d=1" % number for number in range(MOST_FIELDS + 1)), "100 fields"),
    ],
)
def test_forms_that_are_refused(body: bytes, told: str) -> None:
    with pytest.raises(BodyError) as refused:
        parse_form(body)
    assert refused.value.status == 400
    assert told in refused.value.detail
