"""No request is sent away: the service redirects nowhere, so it can be made to redirect nowhere else."""

from itertools import product

import httpx
import pytest

pytestmark = pytest.mark.anyio

HOSTS = ["127.0.0.1", "evil.example@127.0.0.1", "localhost:80@evil.example", "[::1]"]
PATHS = [
    "/graphql/",
    "//evil.example/graphql/",
    "//evil.example//",
    "/\\evil.example/",
    "/%2F%2Fevil.example/%2e%2e/",
    "/docs/",
    "/static",
    "/static/",
    "/static//evil.example/",
    "/static/playground",
    "/static/playground/",
    "/static/docs/..%2f..%2f",
    "/health/",
    "/api",
    "/api/",
    "/api/v1/transactions/",
    "/api/v1/transactions/1/",
    "/transaction/",
    "/transaction/id/",
    "/metrics/",
    "/openapi.json/",
    "/https://evil.example/",
]


@pytest.mark.parametrize("path", PATHS)
async def test_nothing_redirects(client: httpx.AsyncClient, path: str) -> None:
    for host, method in product(HOSTS, ("GET", "POST")):
        url = httpx.URL("http://127.0.0.1", raw_path=path.encode())
        answer = await client.request(
            method, url, headers={"host": host, "accept": "application/json", "x-forwarded-host": "evil.example"}
        )
        assert answer.status_code // 100 != 3, answer.headers
        assert "evil.example" not in answer.headers.get("location", "")
