"""Documents that schemathesis generates for each root field, against a running server.

A field may refuse what it is given, by a code that the schema names; it must never fail. EXPENSE_SCHEMATHESIS_EXAMPLES
is how many documents there are for a field.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes

from graphql_api.http.schema import SCHEMA
from graphql_api.ledgers.errors import Code

if TYPE_CHECKING:
    from schemathesis import Case

    from tests.schemathesis.conftest import Caller

ROOT = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("EXPENSE_SCHEMATHESIS_EXAMPLES", "10"))
DETERMINISTIC = "EXPENSE_SCHEMATHESIS_EXAMPLES" not in os.environ
REFUSALS = {code.name for code in Code} | {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "LIMIT_EXCEEDED"}

schemathesis.graphql.scalar(
    "Decimal", st.decimals(allow_nan=False, places=3).map(lambda number: nodes.String(str(number)))
)
schemathesis.graphql.scalar("Month", st.dates().map(lambda day: nodes.String(f"{day:%Y-%m}".zfill(7))))
schemathesis.graphql.scalar("BigInt", st.integers().map(lambda number: nodes.String(str(number))))

generated = schemathesis.graphql.from_file(SCHEMA.as_str())


def test_the_schema_is_committed() -> None:
    assert (ROOT / "schema.graphql").read_text().strip() == SCHEMA.as_str().strip(), "run `make schema` and commit it"


@generated.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=DETERMINISTIC, suppress_health_check=list(HealthCheck))
def test_generated_documents(case: Case[Any], caller: Caller) -> None:
    response = case.call(base_url=f"{caller.service.url}/graphql", headers=caller.headers)
    assert response.status_code == 200, response.text
    answer: Any = json.loads(response.content)
    for error in answer.get("errors", ()):
        assert error["extensions"]["code"] in REFUSALS, error
    assert "Traceback" not in caller.service.log.read_text()
