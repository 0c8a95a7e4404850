"""What a write came to: told to the caller, and kept with its idempotency key to be told again."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from graphql_api.ledgers.errors import Code, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql_api.database.kinds import Kind
    from graphql_api.ledgers.model import Entity


@dataclass(frozen=True, slots=True)
class Result:
    """One row's result: the entity as it was left, or the problems for which the row was refused."""

    entity: Entity | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole write's. `version` is the ledger's after it; `count` is how many entities it changed."""

    version: int
    count: int
    results: tuple[Result, ...] = ()
    replayed: bool = False

    @property
    def entity(self) -> Entity:
        """The entity of a write of a single row, which raises its problems if it was refused."""
        (result,) = self.results
        if result.entity is None:
            raise Refused(result.problems)
        return result.entity


def encode(outcome: Outcome, kinds: Mapping[type[Entity], Kind[Any]]) -> str:
    """JSON text that `decode` turns back."""
    return json.dumps(
        {
            "version": outcome.version,
            "count": outcome.count,
            "results": [_encode_result(result, kinds) for result in outcome.results],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def decode(text: str, ledger_id: int, kinds: Mapping[str, Kind[Any]]) -> Outcome:
    """The stored outcome, marked as replayed."""
    stored = json.loads(text)
    results = tuple(_decode_result(result, ledger_id, kinds) for result in stored["results"])
    return replace(Outcome(stored["version"], stored["count"], results), replayed=True)


def _encode_result(result: Result, kinds: Mapping[type[Entity], Kind[Any]]) -> dict[str, Any]:
    if result.entity is None:
        problems = [[problem.code.name, problem.message, problem.path] for problem in result.problems]
        return {"problems": problems}
    entity, kind = result.entity, kinds[type(result.entity)]
    return {"kind": kind.name, "id": entity.id, "version": entity.version, "state": kind.state(entity)}


def _decode_result(stored: dict[str, Any], ledger_id: int, kinds: Mapping[str, Kind[Any]]) -> Result:
    if "problems" in stored:
        return Result(None, tuple(Problem(Code[code], words, tuple(path)) for code, words, path in stored["problems"]))
    kind = kinds[stored["kind"]]
    return Result(kind.from_state(ledger_id, stored["id"], stored["version"], stored["state"]))
