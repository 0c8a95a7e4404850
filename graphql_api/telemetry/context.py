"""The request that the running code serves: its id, and its place in a distributed trace (W3C Trace Context)."""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from random import getrandbits
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphql_api.telemetry.tracing import Tracing

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)
_LONGEST_STATE = 512
_SAMPLED = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """A span of ours. `parent_id` is the caller's span, None where the trace begins here; ids are lower-case hex."""

    trace_id: str
    span_id: str
    parent_id: str | None = None
    flags: int = 0
    state: str = ""

    @property
    def traceparent(self) -> str:
        """The header for a call that belongs to this span; `state` goes along as `tracestate`."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"


@dataclass(slots=True)
class RequestContext:
    """What every log line of a request carries. `fields` is what doors add to its last line.

    `tracing` makes the spans below the request's own; None if its trace is not kept.
    """

    request_id: str
    trace: Trace
    tracing: Tracing | None = None
    fields: dict[str, Any] = field(default_factory=dict)


_current: ContextVar[RequestContext | None] = ContextVar("request", default=None)


def current() -> RequestContext | None:
    """The request that is served, None outside of one."""
    return _current.get()


def enter(context: RequestContext) -> None:
    """Make it the current one, for this task and those that it starts."""
    _current.set(context)


def annotate(**fields: Any) -> None:
    """Add fields, fit for JSON and without secrets, to the line that is logged when the request ends."""
    context = _current.get()
    if context is not None:
        context.fields.update(fields)


def request_id(given: str | None) -> str:
    """The caller's id if it is one to 128 of A-Z, a-z, 0-9, dot, underscore and hyphen; else a new one."""
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given
    return f"{getrandbits(128):032x}"


def continue_trace(traceparent: str | None, tracestate: str = "") -> Trace:
    """A new span in the caller's trace if its header is valid, else in a new trace."""
    span_id = f"{getrandbits(64) or 1:016x}"
    parent = _parse(traceparent)
    if parent is None:
        return Trace(f"{getrandbits(128) or 1:032x}", span_id)
    trace_id, parent_id, flags = parent
    state = tracestate if len(tracestate) <= _LONGEST_STATE and tracestate.isprintable() else ""
    return Trace(trace_id, span_id, parent_id, flags, state)


def _parse(traceparent: str | None) -> tuple[str, str, int] | None:
    match = _TRACEPARENT.fullmatch(traceparent) if traceparent is not None else None
    if match is None:
        return None
    version, trace_id, parent_id, flags, more = match.groups()
    # a later version may append fields, the first one may not, and ff is no version
    if version == "ff" or (version == "00" and more) or not int(trace_id, 16) or not int(parent_id, 16):
        return None
    return trace_id, parent_id, int(flags, 16) & _SAMPLED
