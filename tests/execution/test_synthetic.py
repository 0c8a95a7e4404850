"""Generated documents over the synthetic schema."""

from __future__ import annotations

import asyncio
import gc
import random
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.execution.compared import by_core, compiled, told
from tests.execution.generated import Generated, valid_document
from tests.execution.synthetic import build

SCHEMA = build()
LITERALS = {
    "String": ['"one"', "null"], "Int": ["1", "null"], "Upper": ['"x"', "{a: [1]}", "null"],
    "Float": ["1.5"], "ID": ['"i"'], "Boolean": ["true"],
}  # fmt: skip
EACH = 20


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::RuntimeWarning")
@given(st.integers(0, 2**32), st.sampled_from(["query", "query", "mutation"]))
def test_answers_are_those_of_graphql_core(seed: int, operation: str) -> None:
    """Data in its order, and errors with their paths and places; both when it is compiled and when it is kept."""
    source = random.Random(seed)  # noqa: S311  no secret
    made = [valid_document(SCHEMA, source, LITERALS, operation) for _ in range(EACH)]
    documents = [one for one in made if one is not None]
    for document in documents:
        # graphql-core leaves coroutines where it is ended at once: the marks are for these
        expected = asyncio.run(by_core(SCHEMA, document.text, document.variables))
        assert asyncio.run(_twice(document)) == [expected, expected], document


@pytest.fixture
def tidy() -> None:
    """Collect what other tests have left to be awaited, so that what is found is this test's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.mark.usefixtures("tidy")
@given(st.integers(0, 2**32))
def test_nothing_is_left_to_be_awaited(seed: int) -> None:
    """Whatever fails beside it, each coroutine is awaited or closed."""
    source = random.Random(seed)  # noqa: S311  no secret
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for _ in range(EACH):
            document = valid_document(SCHEMA, source, LITERALS)
            # asynchronous iterators are graphql-core's
            if document is not None and "Iterator" not in document.text:
                asyncio.run(_twice(document))
        gc.collect()
    assert [str(one.message) for one in warned] == []


async def _twice(found: Generated) -> list[str]:
    ours = compiled(SCHEMA, found.text)
    results = [await ours.execute(None, found.variables) for _ in range(2)]
    return [told(result) for result in results if result is not None]
