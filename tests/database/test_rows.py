"""Rows come back as they were given, however many there are and whatever their text holds."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from graphql_api.database import rows as module
from graphql_api.database.database import Database
from graphql_api.database.rows import add_rows
from graphql_api.database.tables import changes
from tests.database.plugin import Statements

pytestmark = pytest.mark.anyio

AWKWARD = ("100 % %s %(x)s %%", 'it\'s "quoted" `so`', "back\\slash \\' \\0", "a\nb\r\tc\x1a", "🧾 Zoë ﷽", "", "?:x{}")


def row(version: int, text: str | None, *, ledger_id: int) -> dict[str, Any]:
    return {
        "ledger_id": ledger_id,
        "version": version,
        "position": 0,
        "kind": "tag",
        "entity_id": -(2**63),
        "operation": "UPDATE",
        "actor": (text or "")[:100],
        "at": 2**63 - 1,
        "undoes": None,
        "before": text,
        "after": None,
        "source": None,
    }


async def found(database: Database, ledger_id: int) -> list[dict[str, Any]]:
    statement = select(changes).where(changes.c.ledger_id == ledger_id).order_by(changes.c.version)
    async with database.engines.read.connect() as connection:
        return [dict(one) for one in (await connection.execute(statement)).mappings()]


async def test_every_text_and_number_comes_back(database: Database) -> None:
    given = [row(number, text, ledger_id=900_001) for number, text in enumerate((*AWKWARD, None))]
    async with database.engines.write.begin() as connection:
        await add_rows(connection, changes, given)
    assert await found(database, 900_001) == given


async def test_rows_that_are_too_long_for_one_packet_take_several(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LENGTH", 5_000)
    given = [row(number, "é%" * 500, ledger_id=900_002) for number in range(20)]
    with Statements(database.engines.write) as statements:
        async with database.engines.write.begin() as connection:
            await add_rows(connection, changes, given)
    embedded = database.engines.write.dialect.name == "sqlite"
    assert len(statements.sent) == (1 if embedded else 4)  # five rows of 1,200 characters reach the length
    assert await found(database, 900_002) == given


async def test_a_key_that_is_there_is_refused(database: Database) -> None:
    one = row(1, "once", ledger_id=900_003)
    async with database.engines.write.begin() as connection:
        await add_rows(connection, changes, [one])
    with pytest.raises(IntegrityError) as raised:
        async with database.engines.write.begin() as connection:
            await add_rows(connection, changes, [row(2, "new", ledger_id=900_003), one])
    assert await found(database, 900_003) == [one]
    assert str(2**63) not in str(raised.value)
