"""A client of the GraphQL door for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

CREATE = """
mutation Create($input: CreateTransactionInput!) {
  createTransaction(input: $input) {
    transaction { id number version date merchant description externalId deleted
      amount { value currency minorUnits } category { id name } tags { name } }
    ledgerVersion replayed userErrors { code message path }
  }
}
"""


@dataclass
class Api:
    """Asks in one ledger of its own."""

    http: httpx.AsyncClient
    ledger: str = ""

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer; `$ledger` is this client's ledger where the query declares it."""
        if "$ledger" in query:
            variables["ledger"] = self.ledger
        response = await self.http.post("/graphql", json={"query": query, "variables": variables})
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def data(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def error(self, query: str, **variables: Any) -> dict[str, Any]:
        """The only error of an answer."""
        answer = await self.answer(query, **variables)
        (error,) = answer["errors"]
        found: dict[str, Any] = error
        return found

    async def read(self, fields: str, as_of: dict[str, Any] | None = None, **variables: Any) -> dict[str, Any]:
        """Fields of the ledger."""
        declared = "".join(f", ${name}: {kind}" for name, (kind, _) in variables.items())
        query = f"query($ledger: ID!, $asOf: AsOf{declared}) {{ ledger(id: $ledger, asOf: $asOf) {{ {fields} }} }}"
        values = {name: value for name, (_, value) in variables.items()}
        found: dict[str, Any] = (await self.data(query, asOf=as_of, **values))["ledger"]
        return found

    async def create(self, value: Any = "12.50", date: str = "2026-02-03", **fields: Any) -> dict[str, Any]:
        """The payload of a new transaction."""
        currency = fields.pop("currency", None)
        given = {"amount": {"value": value, "currency": currency}, "date": date, "ledgerId": self.ledger, **fields}
        found: dict[str, Any] = (await self.data(CREATE, input=given))["createTransaction"]
        return found

    async def created(self, value: Any = "12.50", date: str = "2026-02-03", **fields: Any) -> dict[str, Any]:
        """A new transaction."""
        payload = await self.create(value, date, **fields)
        assert payload["userErrors"] == []
        found: dict[str, Any] = payload["transaction"]
        return found

    async def mutate(self, field: str, type_name: str, given: dict[str, Any], answer: str) -> dict[str, Any]:
        """The payload of a mutation."""
        query = f"mutation($input: {type_name}!) {{ {field}(input: $input) {{ {answer} userErrors {{ code path }} }} }}"
        found: dict[str, Any] = (await self.data(query, input=given))[field]
        return found

    async def category(self, name: str, parent: str | None = None) -> str:
        """The id of a new category."""
        given = {"name": name, "ledgerId": self.ledger, "parentId": parent}
        payload = await self.mutate("createCategory", "CreateCategoryInput", given, "category { id }")
        found: str = payload["category"]["id"]
        return found
