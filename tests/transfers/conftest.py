"""A database that is ready to be imported into."""

from collections.abc import AsyncIterator

import pytest

from tests.transfers.support import Books, opened


@pytest.fixture
async def books(prepared_url: str) -> AsyncIterator[Books]:
    """A database of each engine, with the ledger that a new one has."""
    async with opened(prepared_url) as books:
        yield books
