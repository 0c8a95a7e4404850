"""The shape of a log line."""

import io
import json
import logging
import logging.config
from contextvars import copy_context
from typing import Any

import pytest

from graphql_api.telemetry.context import RequestContext, continue_trace, enter
from graphql_api.telemetry.logs import logging_config


def written(name: str, *, level: str = "info", **extra: Any) -> dict[str, Any]:
    """Log a line and an error in it, and return what was written."""
    config = logging_config(level, "json")
    stream = io.StringIO()
    config["handlers"]["stdout"]["stream"] = stream
    logging.config.dictConfig(config)
    logging.getLogger(name).error("It is %s: ✓", "so", exc_info=ValueError("why"), extra=extra)
    line: dict[str, Any] = json.loads(stream.getvalue())
    return line


@pytest.mark.parametrize("name", ["graphql_api.http", "uvicorn.error", "sqlalchemy.pool"])
def test_every_logger_writes_json(name: str) -> None:
    line = written(name, color_message="not this", worker=3)
    assert line["message"] == "It is so: ✓"
    assert (line["level"], line["logger"], line["worker"]) == ("ERROR", name, 3)
    assert line["exception"] == "ValueError: why"
    assert line["timestamp"].endswith("+00:00")
    assert set(line) == {"level", "logger", "message", "exception", "worker", "timestamp"}


def test_a_line_of_a_request_names_it() -> None:
    def log_in_a_request() -> dict[str, Any]:
        enter(RequestContext("the-id", continue_trace(None)))
        return written("graphql_api.x")

    line = copy_context().run(log_in_a_request)
    assert line["request_id"] == "the-id"
    assert len(line["trace_id"]) == 32
    assert len(line["span_id"]) == 16
