"""The pages and their files."""

import re

import httpx
import pytest

from graphql_api.http.headers import PAGE_POLICY
from tests.http.conftest import Opened

pytestmark = pytest.mark.anyio

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/graphql", "/docs"])
async def test_a_browser_gets_a_page_whose_files_are_kept_forever(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(path, headers=BROWSER)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["content-security-policy"] == PAGE_POLICY
    files = re.findall(r'(?:src|href)="(static/[^"]+)"', page.text)
    assert any(name.endswith(".js") for name in files)
    for name in files:
        file = await client.get(f"/{name}")
        assert file.status_code == 200, name
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert file.headers["x-content-type-options"] == "nosniff"
        again = await client.get(f"/{name}", headers={"If-None-Match": file.headers["etag"]})
        assert again.status_code == 304


async def test_a_program_gets_no_page(client: httpx.AsyncClient) -> None:
    for accept in ("application/json, */*", "application/json"):
        answer = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"Accept": accept})
        assert answer.json()["data"] == {"__typename": "Query"}
    typed = {**BROWSER, "Sec-Fetch-Site": "none"}
    answer = await client.get("/graphql", params={"query": "{ __typename }"}, headers=typed)
    assert answer.json()["data"] == {"__typename": "Query"}


async def test_nothing_outside_of_the_folder_is_served(client: httpx.AsyncClient) -> None:
    for path in (
        "/static/../static.py",
        "/static/..%2fstatic.py",
        "/static/%2e%2e/static.py",
        "/static/",
        "/static/x%00",
    ):
        answer = await client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_page_takes_no_posts(client: httpx.AsyncClient) -> None:
    answer = await client.post("/docs")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_the_pages_can_be_switched_off(opened: Opened) -> None:
    async with opened(playground=False) as client:
        assert (await client.get("/docs", headers=BROWSER)).status_code == 404
        assert (await client.get("/static/docs/index.html")).status_code == 404
        assert not (await client.get("/graphql", headers=BROWSER)).headers["content-type"].startswith("text/html")
