"""Distributed traces by OpenTelemetry, sent by OTLP over HTTP; the extra `traces` brings what they need.

A request's span is its place in the trace that the logs tell too. Below it are spans of the GraphQL operation, of what
its loaders fetch, of each statement of SQL and each command to Redis. No span holds a document, a variable, a value of
a row or an error's text: these are private.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import Context, copy_context
from importlib.metadata import version
from importlib.util import find_spec
from time import perf_counter, time_ns
from typing import TYPE_CHECKING

from graphql_api.telemetry.context import Trace, continue_trace, current

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.trace import Span
    from redis.asyncio import Redis

EXTRA = "traces"
"""The extra of the package that brings OpenTelemetry."""

_SERVICE = "expense-ledger"
_PATH = "/v1/traces"
_FLUSH_MILLISECONDS = 5000

Attribute = str | int | bool


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("opentelemetry") is not None and find_spec("opentelemetry.sdk") is not None


class Tracing:
    """Of one process: makes spans, and sends them from a thread of its own."""

    def __init__(self, endpoint: str, ratio: float) -> None:
        """Send to the receiver at `endpoint`, without a path; `ratio` of the traces that begin here are kept."""
        # imported for those who asked for traces alone: it is a good part of a start
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased  # noqa: PLC0415

        resource = Resource.create({"service.name": _SERVICE, "service.version": version(_SERVICE)})
        self._provider = TracerProvider(
            resource=resource, sampler=ParentBased(TraceIdRatioBased(ratio)), shutdown_on_exit=False
        )
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}{_PATH}")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("graphql_api")

    @contextmanager
    def serving(self, name: str, headers: Mapping[str, str]) -> Iterator[ServerSpan]:
        """The span of a request, in its caller's trace if the headers name one; current while the block runs."""
        from opentelemetry.trace import SpanKind  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        parent = TraceContextTextMapPropagator().extract(headers)
        with self._tracer.start_as_current_span(
            name, parent, SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            yield ServerSpan(span, continue_trace(headers.get("traceparent"), headers.get("tracestate", "")), self)

    @contextmanager
    def span(self, name: str, attributes: Mapping[str, Attribute]) -> Iterator[None]:
        """A span below the current one."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415

        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def happened(self, name: str, seconds: float, attributes: Mapping[str, Attribute], error: str | None) -> None:
        """A client's span below the current one, of something that is over and took `seconds`."""
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415

        end = time_ns()
        start = end - int(seconds * 1e9)
        span = self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes, start_time=start)
        if error is not None:
            span.set_attribute("error.type", error)
            span.set_status(StatusCode.ERROR)
        span.end(end)

    def watch(self, redis: Redis) -> None:
        """Have a span of each command that the client sends; keys and values are left out."""
        from opentelemetry.instrumentation.redis import RedisInstrumentor  # noqa: PLC0415

        RedisInstrumentor.instrument_client(redis, tracer_provider=self._provider)

    def close(self) -> None:
        """Send what waits, for five seconds at most; blocks meanwhile."""
        self._provider.force_flush(_FLUSH_MILLISECONDS)
        self._provider.shutdown()


class ServerSpan:
    """A request's span."""

    def __init__(self, span: Span, given: Trace, tracing: Tracing) -> None:
        """Take the span, and the trace that the caller's headers give."""
        self._span = span
        found = span.get_span_context()
        self.trace = Trace(
            f"{found.trace_id:032x}", f"{found.span_id:016x}", given.parent_id, int(found.trace_flags), given.state
        )
        """Its place in its trace."""
        self.tracing = tracing if span.is_recording() else None
        """Makes the spans below it; None if the trace is not kept."""

    def answered(self, method: str, route: str, status: int) -> None:
        """Tell the outcome: the route's template, and the status, 0 where none was sent."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415

        self._span.update_name(f"{method} {route}")
        told: dict[str, Attribute] = {"http.request.method": method, "http.route": route}
        self._span.set_attributes({**told, "http.response.status_code": status} if status else told)
        if status >= 500:  # noqa: PLR2004  HTTP's own
            self._span.set_status(StatusCode.ERROR)


@contextmanager
def span(name: str, **attributes: Attribute) -> Iterator[None]:
    """A span below the current request's, if its trace is kept. `__` in a name of an attribute stands for a dot."""
    tracing = _tracing()
    if tracing is None:
        yield
        return
    with tracing.span(name, {key.replace("__", "."): value for key, value in attributes.items()}):
        yield


def happened(name: str, started: float, attributes: Mapping[str, Attribute], error: str | None = None) -> None:
    """A client's span of something that began when `perf_counter` gave `started`, and is over."""
    tracing = _tracing()
    if tracing is not None:
        tracing.happened(name, perf_counter() - started, attributes, error)


def traced_context() -> Context | None:
    """The context of the code that runs, if it serves a request whose trace is kept.

    What is done once for several requests runs in the first one's, so that its spans have a trace.
    """
    return None if _tracing() is None else copy_context()


def _tracing() -> Tracing | None:
    context = current()
    return None if context is None else context.tracing
