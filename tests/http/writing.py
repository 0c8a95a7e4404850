"""The service with further routes that a test of the server calls; run as a program, it serves by the environment."""

import asyncio
import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphql_api.app import create_app as create_service
from graphql_api.database.writer import Envelope
from graphql_api.http.server import serve
from graphql_api.ledgers.errors import LedgerError
from graphql_api.settings import Settings
from graphql_api.transactions.model import Draft
from graphql_api.transactions.service import Create, single


async def write(request: Request) -> Response:
    """Create a transaction from a JSON body, after a pause of ?pause= seconds."""
    given = await request.json()
    await asyncio.sleep(float(request.query_params.get("pause", "0")))
    draft = Draft(
        amount=given["amount"],
        currency=given.get("currency", "USD"),
        date="2026-01-02",
        external_id=given.get("external_id"),
    )
    outcome = await request.state.database.write(1, single(Envelope("test"), Create(draft)))
    return JSONResponse({"version": outcome.version})


async def crash(_: Request) -> Response:
    """Fail as no code should."""
    raise RuntimeError("the traceback's own words")


async def wait(_: Request) -> Response:
    """Take longer than any shutdown."""
    await asyncio.sleep(3600)
    return JSONResponse({})


def create_app(settings: Settings) -> Starlette:
    """The service with the routes of this module."""
    app = create_service(settings)
    app.router.routes += [
        Route("/write", write, methods=["POST"]),
        Route("/crash", crash),
        Route("/wait", wait),
    ]
    return app


def main() -> None:
    """Serve."""
    try:
        serve(Settings.load(), "tests.http.writing")
    except LedgerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
