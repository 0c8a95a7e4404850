"""Waiting until a service answers."""

import asyncio

import httpx

from tests.servers.process import ServerError, ServerProcess

POLL_SECONDS = 0.002
TRY_SECONDS = 10.0


async def until_ready(process: ServerProcess, address: str, *, seconds: float = 60) -> None:
    """Wait until GET /readyz of an address says so.

    Raises:
        ServerError: the process ended first.
        TimeoutError: it took too long.
    """
    async with httpx.AsyncClient(base_url=address, timeout=TRY_SECONDS) as client, asyncio.timeout(seconds):
        while True:
            try:
                if (await client.get("/readyz")).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError as error:
                if process.returncode is not None:
                    raise ServerError(process.log.read_text()) from error
            await asyncio.sleep(POLL_SECONDS)
