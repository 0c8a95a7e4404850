"""Generated documents over the synthetic schema."""

from __future__ import annotations

import asyncio
import gc
import random
import warnings

from hypothesis import given
from hypothesis import strategies as st

from tests.execution.compared import by_core, compiled, told
from tests.execution.generated import valid_document
from tests.execution.synthetic import build

SCHEMA = build()
LITERALS = {
    "String": ['"one"', "null"], "Int": ["1", "null"], "Upper": ['"x"', "{a: [1]}", "null"],
    "Float": ["1.5"], "ID": ['"i"'], "Boolean": ["true"],
}  # fmt: skip
EACH = 20


@given(st.integers(0, 2**32), st.sampled_from(["query", "query", "mutation"]))
def test_answers_are_those_of_graphql_core(seed: int, operation: str) -> None:
    """Data, its order, errors, their paths and places; run twice, and nothing is left to be awaited."""
    source = random.Random(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(EACH):
            found = valid_document(SCHEMA, source, LITERALS, operation)
            if found is not None:
                asyncio.run(_compare(found.text, found.variables))
        gc.collect()


async def _compare(text: str, variables: dict[str, object]) -> None:
    ours = compiled(SCHEMA, text)
    expected = await by_core(SCHEMA, text, variables)
    for _ in range(2):
        result = await ours.execute(None, variables)
        assert result is not None
        assert told(result) == expected, text
