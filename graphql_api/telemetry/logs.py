"""Logs on standard output: a JSON object a line for machines, or text for a terminal.

Every line of a request carries its id and trace. Headers, bodies and addresses of databases are never logged.
"""

from __future__ import annotations

import logging
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS

from graphql_api.telemetry.context import current


class RequestFilter(logging.Filter):
    """Puts the current request's id and trace on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        context = current()
        if context is not None:
            record.request_id = context.request_id
            record.trace_id = context.trace.trace_id
            record.span_id = context.trace.span_id
        return True


def logging_config(level: str, style: str) -> dict[str, Any]:
    """The configuration for `logging.config.dictConfig`, and for uvicorn in each worker.

    `level` is the least severe that is logged; `style` is "json" or "text".
    """
    formatters = {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": ["levelname", "name", "message"],
            "rename_fields": {"levelname": "level", "name": "logger", "exc_info": "exception"},
            "timestamp": "timestamp",
            "json_ensure_ascii": False,
            "reserved_attrs": [*RESERVED_ATTRS, "color_message"],
        },
        "text": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s"},
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": RequestFilter}},
        "formatters": {"line": formatters[style]},
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "filters": ["request"],
                "formatter": "line",
            }
        },
        "root": {"handlers": ["stdout"], "level": "WARNING"},
        "loggers": {
            "graphql_api": {"level": level.upper()},
            # what it tells of starting and stopping is told by the server module, once and not by each worker; below
            # a warning it tells each WebSocket's address too, with a query that may hold what is private
            "uvicorn": {"level": "WARNING"},
        },
    }
