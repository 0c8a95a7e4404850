"""What each request gets and leaves: id and trace, a log line, a count, and an answer to an error nobody caught."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client import REGISTRY
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from graphql_api.telemetry.context import annotate, current
from graphql_api.telemetry.logs import logging_config
from tests.http.conftest import Opened

pytestmark = pytest.mark.anyio

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Log(list[dict[str, Any]]):
    """What was logged, as objects since `collect` was called; `stream` has it as it was written."""

    def __init__(self) -> None:
        super().__init__()
        self.stream = io.StringIO()

    def collect(self) -> "Log":
        """Read what was logged so far."""
        self[:] = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return self


@pytest.fixture
def log() -> Iterator[Log]:
    """What is logged while the test runs."""
    found = Log()
    config = logging_config("debug", "json")
    config["handlers"]["stdout"]["stream"] = found.stream
    logging.config.dictConfig(config)
    yield found
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, "root": {"handlers": []}})


async def told(request: Request) -> Response:
    context = current()
    assert context is not None
    annotate(operation="Told")
    trace = context.trace
    return JSONResponse(
        {
            "id": context.request_id,
            "traceparent": trace.traceparent,
            "parent": trace.parent_id,
            "state": trace.state,
            "path": request.url.path,
        }
    )


async def crash(_: Request) -> Response:
    raise RuntimeError("in the traceback only")


ROUTES = [Route("/told", told), Route("/told/{name}", told), Mount("/inner", routes=[Route("/told/{name:int}", told)])]


async def test_a_request_id_is_kept_and_returned(opened: Opened, log: Log) -> None:
    async with opened(*ROUTES) as client:
        answer = await client.get("/told", headers={"X-Request-Id": "a.B_9-"})
    assert answer.headers["x-request-id"] == answer.json()["id"] == "a.B_9-"
    (line,) = [line for line in log.collect() if line.get("route") == "/told"]
    assert line["request_id"] == "a.B_9-"
    assert line["operation"] == "Told"
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "INFO")
    assert line["duration_ms"] >= 0
    assert line["timestamp"].endswith("+00:00")


@pytest.mark.parametrize("wrong", ["", "a b", "x" * 129, "a\tb", "é", '"}'])
async def test_a_request_id_that_is_none_is_replaced(opened: Opened, wrong: str) -> None:
    async with opened(*ROUTES) as client:
        first, second = [
            (await client.get("/told", headers=[(b"X-Request-Id", wrong.encode())])).headers["x-request-id"]
            for _ in range(2)
        ]
    assert wrong not in {first, second}
    assert first != second
    assert len(first) == 32


async def test_a_trace_is_continued(opened: Opened, log: Log) -> None:
    async with opened(*ROUTES) as client:
        headers = [("traceparent", TRACEPARENT), ("tracestate", "a=1"), ("tracestate", "b=2")]
        body = (await client.get("/told", headers=headers)).json()
    version, trace_id, span_id, flags = body["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", "0af7651916cd43dd8448eb211c80319c", "01")
    assert body["parent"] == "b7ad6b7169203331" != span_id
    assert body["state"] == "a=1,b=2"
    (line,) = [line for line in log.collect() if line.get("route") == "/told"]
    assert (line["trace_id"], line["span_id"]) == (trace_id, span_id)


async def test_an_error_that_nobody_foresaw_is_a_500_with_an_id_and_its_traceback_is_in_the_log_only(
    opened: Opened, log: Log
) -> None:
    secrets = {"Authorization": "Bearer aaa.bbb.ccc", "Cookie": "session=in-the-cookie"}
    async with opened(Route("/crash", crash)) as client:
        answer = await client.get("/crash?token=in-the-query", headers=secrets)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["request_id"] == answer.headers["x-request-id"]
    assert "RuntimeError" not in answer.text
    assert "traceback" not in answer.text
    (line,) = [line for line in log.collect() if line["level"] == "ERROR"]
    assert line["request_id"] == body["request_id"]
    assert "RuntimeError: in the traceback only" in line["exception"]
    assert line["route"] == "/crash"
    for secret in ("aaa.bbb", "in-the-cookie", "in-the-query"):
        assert secret not in log.stream.getvalue()


@pytest.mark.parametrize(
    ("method", "path", "route", "kind"),
    [
        ("GET", "/told/one", "/told/{name}", "2xx"),
        ("GET", "/inner/told/7", "/inner/told/{name}", "2xx"),
        ("GET", "/nowhere/at/all", "unmatched", "4xx"),
        ("DELETE", "/told/one", "/told/{name}", "4xx"),
        ("BREW", "/told/one", "/told/{name}", "4xx"),
    ],
)
async def test_requests_are_counted_by_the_routes_template(
    opened: Opened, method: str, path: str, route: str, kind: str
) -> None:
    labels = {"method": method if method != "BREW" else "other", "route": route}
    before = REGISTRY.get_sample_value("http_requests_total", {**labels, "status": kind}) or 0
    timed = REGISTRY.get_sample_value("http_request_duration_seconds_count", labels) or 0
    async with opened(*ROUTES) as client:
        await client.request(method, path)
    assert REGISTRY.get_sample_value("http_requests_total", {**labels, "status": kind}) == before + 1
    assert REGISTRY.get_sample_value("http_request_duration_seconds_count", labels) == timed + 1
    assert REGISTRY.get_sample_value("http_requests_in_flight") == 0


async def test_a_path_cannot_forge_a_log_line(opened: Opened, log: Log) -> None:
    async with opened() as client:
        await client.get("/x%0a%7B%22level%22%3A%22ERROR%22%7D%1b[31m")
    (line,) = [line for line in log.collect() if line.get("route") == "unmatched"]
    assert "%0a" in line["message"].lower()


async def test_probes_are_logged_for_debugging_only(opened: Opened, log: Log) -> None:
    async with opened() as client:
        for path in ("/livez", "/readyz", "/metrics"):
            await client.get(path)
    probes = [line for line in log.collect() if "route" in line]
    assert {line["level"] for line in probes} == {"DEBUG"}
    assert len(probes) == 3


async def test_requests_are_not_logged_when_that_is_switched_off_but_errors_are(opened: Opened, log: Log) -> None:
    async with opened(*ROUTES, Route("/crash", crash), access_log=False) as client:
        await client.get("/told")
        await client.get("/crash")
    assert [line["level"] for line in log.collect()] == ["ERROR"]


async def test_text_for_terminals_is_a_line_each(capsys: pytest.CaptureFixture[str], opened: Opened) -> None:
    logging.config.dictConfig(logging_config("info", "text"))
    async with opened(*ROUTES) as client:
        await client.get("/told")
    (line,) = capsys.readouterr().out.splitlines()
    assert "INFO    graphql_api.http: GET /told 200 in " in line


async def test_a_stream_is_counted_but_not_timed(opened: Opened) -> None:
    async def events(_: Request) -> Response:
        return Response("data: 1\n\n", media_type="text/event-stream")

    labels = {"method": "GET", "route": "/events"}
    async with opened(Route("/events", events)) as client:
        assert (await client.get("/events")).status_code == 200
    assert REGISTRY.get_sample_value("http_requests_total", {**labels, "status": "2xx"}) == 1
    assert REGISTRY.get_sample_value("http_request_duration_seconds_count", labels) == 0
