"""Text is kept whole, or refused with the reason, and found without case and accents."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.ledgers.errors import Code, Problems, Refused
from graphql_api.ledgers.text import KEY_LENGTH, clean, name_key, search_key

LONGEST = 50


@given(st.text(max_size=4 * LONGEST + 1))
def test_any_text_is_kept_in_nfc_or_refused(text: str) -> None:
    try:
        kept = clean(text, "merchant", longest=LONGEST)
    except Refused as refusal:
        (problem,) = refusal.problems
        assert problem.path == ("merchant",)
        assert problem.code in {Code.TOO_LONG, Code.INVALID}
        problem.message.encode()
        return
    assert unicodedata.normalize("NFC", kept) == kept
    assert len(kept) <= LONGEST
    assert clean(kept, longest=LONGEST) == kept
    assert kept == unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    kept.encode()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=LONGEST // 3))
def test_all_that_can_be_written_is_taken(text: str) -> None:
    clean(text, longest=LONGEST, multiline=True)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("\ud800", Code.INVALID),
        ("a\udfff", Code.INVALID),
        ("nul\0nul", Code.INVALID),
        ("bell\x07", Code.INVALID),
        ("a\x7fb", Code.INVALID),
        ("two\nlines", Code.INVALID),
        ("a\tb", Code.INVALID),
        ("x" * 1_000_000, Code.TOO_LONG),
        (" " * 1_000_000, Code.TOO_LONG),
        ("\ud800" * 1_000_000, Code.TOO_LONG),
        ("\u0301" * 51, Code.TOO_LONG),
        ("", Code.REQUIRED),
        (" \u00a0\u3000 ", Code.REQUIRED),
        (None, Code.REQUIRED),
        (5, Code.INVALID),
        (b"x", Code.INVALID),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_what_is_refused_says_why(value: object, code: Code) -> None:
    with pytest.raises(Refused) as refusal:
        clean(value, "merchant", longest=LONGEST, required=True)
    (problem,) = refusal.value.problems
    assert (problem.code, problem.path) == (code, ("merchant",))
    assert "merchant" in problem.message
    assert len(problem.message) < 200


@pytest.mark.parametrize(
    "text",
    [
        "قهوة عربية",
        "שלום",
        "\u202eright to left",
        "e\u0301" * 20,
        "👩\u200d👩\u200d👧 🍰",
        "ก็",
        "नि",
        "\ufeffbom",
        "\uffff",
    ],
    ids=ascii,
)
def test_right_to_left_combining_and_emoji_are_taken(text: str) -> None:
    assert clean(text, longest=LONGEST) == unicodedata.normalize("NFC", text)


def test_lines_are_kept_where_they_may_be() -> None:
    assert clean("a\r\nb\tc", longest=LONGEST, multiline=True) == "a\nb\tc"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café", "cafe"),
        ("CAFE\u0301", "café"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("a  b\tc", "A B C"),
        ("Ångström", "angstrom"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_keys_are_alike_without_case_and_accents(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(("one", "other"), [("कि", "का"), ("a", "b"), ("\u0301", "\u0300"), ("カ", "キ")])
def test_keys_differ_where_letters_do(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@given(st.text(max_size=LONGEST))
def test_a_key_is_its_own_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
    assert search_key(text.upper()) == search_key(text.upper().lower().upper())
    assert len(name_key(text * 20)) <= KEY_LENGTH


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=LONGEST))
def test_ascii_has_the_key_that_any_text_has(text: str) -> None:
    folded = unicodedata.normalize("NFD", text.casefold())
    assert search_key(text) == " ".join(folded.split())


def test_all_problems_are_told_at_once() -> None:
    problems = Problems()
    with problems:
        clean("\0", "one", longest=LONGEST)
    with problems:
        clean("x" * 51, "two", longest=LONGEST)
    with pytest.raises(Refused) as refusal:
        problems.check()
    assert [problem.path for problem in refusal.value.under("input").problems] == [("input", "one"), ("input", "two")]
