"""What browsers and caches are told."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from graphql_api.http.headers import DATA_POLICY, PAGE_POLICY
from tests.http.conftest import Opened

pytestmark = pytest.mark.anyio


async def test_data_may_do_nothing_in_a_browser_and_is_not_kept(client: httpx.AsyncClient) -> None:
    for path in ("/livez", "/no/such/path"):
        headers = (await client.get(path)).headers
        assert headers["content-security-policy"] == DATA_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"


async def test_a_page_may_load_what_this_server_serves(opened: Opened) -> None:
    async def page(_: Request) -> Response:
        return HTMLResponse("<p>", headers={"Cache-Control": "no-cache"})

    async with opened(Route("/page", page)) as client:
        headers = (await client.get("/page")).headers
    assert headers["content-security-policy"] == PAGE_POLICY
    # a browser complains of it wherever the service is reached over plain HTTP, as in a home
    assert "cross-origin-opener-policy" not in headers
    assert headers["cache-control"] == "no-cache"
