"""A process that makes transactions: python -m tests.database.creator LEDGER COUNT, the URL on its standard input."""

import asyncio
import sys

from graphql_api.database.database import Database
from tests.database.drafts import create
from tests.database.plugin import KINDS, Commits


async def _make(url: str, ledger_id: int, count: int) -> None:
    database = Database(url, KINDS, Commits(), pool_size=2)
    try:
        for _ in range(count):
            outcomes = await asyncio.gather(*(database.write(ledger_id, create()) for _ in range(4)))
            sys.stdout.write("".join(f"{outcome.version}\n" for outcome in outcomes))
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(_make(sys.stdin.read(), int(sys.argv[1]), int(sys.argv[2])))
