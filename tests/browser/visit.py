"""A visit to pages with a fresh profile, with all that they ask for and complain about."""

from __future__ import annotations

import dataclasses
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Page,
        Request,
        Route,
        WebSocketRoute,
    )

# A violation of a page's policy must be heard even where the console would be silent about it.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error("policy", event.violatedDirective, event.blockedURI));
"""


@dataclasses.dataclass
class Visit:
    """What the pages of one visit did.

    Attributes:
        page: The page to drive.
        origin: Where the pages come from; a request to any other origin is stopped.
        requests: Every request, those of web workers included, oldest first.
        strays: Addresses outside the origin that were asked for.
        complaints: Errors and warnings of the console, uncaught exceptions, policy violations.
    """

    page: Page
    origin: str
    requests: list[Request] = dataclasses.field(default_factory=list)
    strays: list[str] = dataclasses.field(default_factory=list)
    complaints: list[str] = dataclasses.field(default_factory=list)

    def operations(self) -> list[dict[str, Any]]:
        """The GraphQL requests that were sent, introspection left out."""
        bodies = [
            json.loads(request.post_data or "{}")
            for request in self.requests
            if request.method == "POST" and urlsplit(request.url).path.endswith("/graphql")
        ]
        return [body for body in bodies if body.get("operationName") != "IntrospectionQuery"]

    def inside(self, url: str) -> bool:
        """Whether an address, of HTTP or WebSocket, belongs to the origin."""
        asked = urlsplit(url)
        return asked.scheme in {"http", "ws"} and asked.netloc == urlsplit(self.origin).netloc


@asynccontextmanager
async def visiting(chromium: Browser, origin: str, pictures: Path) -> AsyncIterator[Visit]:
    """A visit, which leaves a picture of its last page in a folder as `last.png`."""
    context = await chromium.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(60_000)
    await context.add_init_script(REPORT_VIOLATIONS)
    visit = Visit(await context.new_page(), origin)
    await _watch(visit, context)
    yield visit
    await visit.page.screenshot(path=pictures / "last.png")
    await context.close()


async def _watch(visit: Visit, context: BrowserContext) -> None:
    def note(request: Request) -> None:
        visit.requests.append(request)

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            visit.complaints.append(f"{message.type}: {message.text}")

    async def guard(route: Route) -> None:
        if visit.inside(route.request.url):
            await route.continue_()
        else:
            visit.strays.append(route.request.url)
            await route.abort()

    def guard_socket(socket: WebSocketRoute) -> None:
        if visit.inside(socket.url):
            socket.connect_to_server()
        else:
            visit.strays.append(socket.url)

    context.on("request", note)
    context.on("console", hear)
    context.on("weberror", lambda error: visit.complaints.append(f"exception: {error.error}"))
    await context.route("**/*", guard)
    await context.route_web_socket("**/*", guard_socket)
