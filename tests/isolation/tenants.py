"""Two people of one service, each with a ledger of their own, and all that is in the first one's."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from graphql_api.app import create_app
from graphql_api.identity.callers import Caller
from graphql_api.ledgers.errors import Unauthenticated
from graphql_api.ledgers.principal import Principal
from graphql_api.settings import Settings
from tests.isolation.operations import Pool

ANNA, EVE = "anna", "eve"
MARK = "zq"
"""Begins every text of the first one's."""

UNKNOWN = 4_000_000_000_000_000_001
"""A ledger that nobody has made."""


class ByName:
    """Takes a header's bare token for a name: who somebody is, is told apart elsewhere."""

    async def caller(self, authorizations: Sequence[str]) -> Caller:
        """Who calls."""
        if not authorizations:
            raise Unauthenticated("Say who you are.", "missing")
        return Caller(Principal(authorizations[0].removeprefix("Bearer ")))

    async def gone(self, caller: Caller) -> None:
        """Nobody's name expires."""
        await _forever(caller)


async def _forever(_: Caller) -> None:
    import asyncio  # noqa: PLC0415

    await asyncio.Event().wait()


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, whose callers say their names."""
    app = create_app(settings)
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": {**(state or {}), "callers": ByName()}}, receive, send)

        transport = httpx.ASGITransport(with_state)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as client:
            yield client


@dataclass
class Tenants:
    """`secrets` is what nobody but the first one may be shown unasked; `ids` are the ids among them."""

    http: httpx.AsyncClient
    ledger: str = ""
    eves: str = ""
    secrets: set[str] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)

    async def ask(self, who: str, query: str, **headers: str) -> httpx.Response:
        """An answer to an operation."""
        given = {"authorization": f"Bearer {who}", **headers}
        return await self.http.post("/graphql", json={"query": query}, headers=given)

    async def data(self, who: str, query: str) -> Any:
        """The data of an answer without errors."""
        answer = (await self.ask(who, query)).json()
        assert "errors" not in answer, (query, answer)
        for payload in answer["data"].values():
            if isinstance(payload, dict):
                assert not payload.get("userErrors"), (query, answer)
        return answer["data"]

    def mark(self) -> str:
        """A text of the first one's."""
        text = MARK + secrets.token_hex(6)
        self.secrets.add(text)
        return text

    @property
    def number(self) -> int:
        """The number of the first one's ledger."""
        return int(_decoded(self.ledger).split(":")[1])

    async def version(self) -> int:
        """The version of the first one's ledger."""
        data = await self.data(ANNA, f'{{ ledger(id: "{self.ledger}") {{ version }} }}')
        return int(data["ledger"]["version"])

    def elsewhere(self, text: str) -> str:
        """The text with each id replaced by one of a ledger that is not there."""
        for known in self.ids:
            text = text.replace(known, moved(known, self.number))
        return text.replace(str(self.number), str(UNKNOWN))

    def leaks(self, request: str, answer: str) -> list[str]:
        """What an answer shows that is the first one's and was not in the request."""
        return sorted(one for one in self.secrets if one in answer and one not in request)

    def pool(self) -> Pool:
        """What an intruder may know, and what is their own."""
        known = sorted(one for one in self.secrets if one.startswith(MARK))[:4]
        return Pool(
            ids=[*self.ids, *self.ids, self.eves],
            ledgers=[self.ledger, self.ledger, self.ledger, self.eves],
            cursors=self.cursors,
            texts=[*known, MARK, "", "x"],
        )

    async def settle(self) -> None:
        """Make both ledgers, and all kinds of things in the first one."""
        for who, name in ((ANNA, self.mark()), (EVE, "Eve's")):
            made = await self.data(
                who, f'mutation {{ createLedger(input: {{name: "{name}", currency: "USD"}}) {{ ledger {{ id }} }} }}'
            )
            if who == ANNA:
                self.ledger = made["createLedger"]["ledger"]["id"]
            else:
                self.eves = made["createLedger"]["ledger"]["id"]
        await self._fill()
        await self._look_around()

    async def _one(self, field: str, given: dict[str, Any], wanted: str) -> dict[str, Any]:
        parts = ", ".join(f"{name}: {_literal(value)}" for name, value in given.items())
        found: dict[str, Any] = (
            await self.data(ANNA, f"mutation {{ {field}(input: {{{parts}}}) {{ {wanted} userErrors {{ code }} }} }}")
        )[field]
        return found

    async def _fill(self) -> None:
        ours = {"ledgerId": self.ledger}
        top = await self._one("createCategory", {"name": self.mark(), **ours}, "category { id }")
        below = {"name": self.mark(), "parentId": top["category"]["id"], **ours}
        category = (await self._one("createCategory", below, "category { id }"))["category"]["id"]
        last = ""
        for number in range(4):
            value = f"{secrets.randbelow(10**6) + 48151 * 10**6}.{number}2"
            self.secrets.add(value)
            made = await self._one(
                "createTransaction",
                {
                    "amount": {"value": value},
                    "date": "2026-02-03",
                    "merchant": self.mark(),
                    "description": self.mark(),
                    "externalId": self.mark(),
                    "categoryId": category,
                    "tags": [self.mark(), self.mark()],
                    **ours,
                },
                "transaction { id }",
            )
            last = made["transaction"]["id"]
        await self._one("updateTransaction", {"id": last, "merchant": self.mark()}, "transaction { id }")
        await self._one("deleteTransaction", {"id": last}, "transaction { id }")
        budget = {"month": "2026-02", "amount": {"value": "48151623.42"}, "categoryId": category, **ours}
        self.secrets.add("48151623.42")
        await self._one("setBudget", budget, "budget { id }")
        code = (await self._one("inviteMember", {"role": _Name("EDITOR"), **ours}, "code"))["code"]
        joining = (
            f'mutation {{ acceptInvitation(input: {{code: "{code}"}}) {{ member {{ id }} userErrors {{ code }} }} }}'
        )
        await self.data(self.mark(), joining)
        await self._one("inviteMember", {"role": _Name("VIEWER"), **ours}, "code")

    async def _look_around(self) -> None:
        page = "{ nodes { id } pageInfo { startCursor endCursor } }"
        found = await self.data(
            ANNA,
            f'{{ ledger(id: "{self.ledger}") {{ transactions(deleted: INCLUDE) {page} categories {page} tags {page} '
            f"budgets {page} members {page} changes(first: 3) {{ pageInfo {{ startCursor endCursor }} }} }} }}",
        )
        for listed in found["ledger"].values():
            self.ids += [node["id"] for node in listed.get("nodes", ())]
            self.cursors += [cursor for cursor in listed["pageInfo"].values() if cursor]
        self.ids.append(self.ledger)
        self.secrets |= {*self.ids, str(self.number)}


class _Name(str):
    """Stands in a document without quotes."""

    __slots__ = ()


def _literal(value: Any) -> str:
    if isinstance(value, _Name):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_literal(one)}" for name, one in value.items()) + "}"
    return json.dumps(value)


def moved(text: str, number: int) -> str:
    """An id of the ledger of that number, as one of the unknown ledger."""
    inner = re.sub(rf":{number}\b", f":{UNKNOWN}", _decoded(text))
    return base64.urlsafe_b64encode(inner.encode()).rstrip(b"=").decode()


def _decoded(text: str) -> str:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
