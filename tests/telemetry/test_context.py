"""W3C Trace Context and request ids."""

import pytest

from graphql_api.telemetry.context import annotate, continue_trace, current, request_id

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT_ID = "b7ad6b7169203331"


@pytest.mark.parametrize(
    "header",
    [
        f"00-{TRACE_ID}-{PARENT_ID}-01",
        f"00-{TRACE_ID}-{PARENT_ID}-00",
        f"01-{TRACE_ID}-{PARENT_ID}-01",
        f"cc-{TRACE_ID}-{PARENT_ID}-01-what-the-future-will-be-like",
    ],
)
def test_a_valid_header_is_continued_by_a_new_span(header: str) -> None:
    trace = continue_trace(header, "vendor=1")
    assert (trace.trace_id, trace.parent_id, trace.state) == (TRACE_ID, PARENT_ID, "vendor=1")
    assert trace.span_id != PARENT_ID
    assert len(trace.span_id) == 16
    sampled = int(header.split("-")[3], 16)
    assert trace.traceparent == f"00-{TRACE_ID}-{trace.span_id}-{sampled:02x}"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        f"ff-{TRACE_ID}-{PARENT_ID}-01",
        f"00-{TRACE_ID}-{PARENT_ID}-01-more",
        f"cc-{TRACE_ID}-{PARENT_ID}-01.more",
        f"00-{TRACE_ID.upper()}-{PARENT_ID}-01",
        f"00-{'0' * 32}-{PARENT_ID}-01",
        f"00-{TRACE_ID}-{'0' * 16}-01",
        f"00-{TRACE_ID[1:]}-{PARENT_ID}-01",
        f"00-{TRACE_ID}-{PARENT_ID}-1",
        f"00-{TRACE_ID}-{PARENT_ID}-01\n",
        f"\u06600-{TRACE_ID}-{PARENT_ID}-01",
    ],
)
def test_an_invalid_header_begins_a_trace_without_the_callers_state(header: str | None) -> None:
    first, second = continue_trace(header, "vendor=1"), continue_trace(header, "vendor=1")
    assert first.trace_id not in {TRACE_ID, second.trace_id}
    assert (first.parent_id, first.state) == (None, "")
    assert len(first.trace_id) == 32


@pytest.mark.parametrize("state", ["x" * 513, "a=1\nb=2", "a=\x00"])
def test_a_state_that_is_too_long_or_not_text_is_dropped(state: str) -> None:
    assert continue_trace(f"00-{TRACE_ID}-{PARENT_ID}-01", state).state == ""


@pytest.mark.parametrize(("given", "kept"), [("a-b_c.D9", True), ("x" * 128, True), ("x" * 129, False), ("a b", False)])
def test_a_request_id_is_kept_if_it_is_one(given: str, *, kept: bool) -> None:
    assert (request_id(given) == given) is kept


def test_outside_of_a_request_there_is_no_context_and_nothing_to_annotate() -> None:
    annotate(operation="none")
    assert current() is None
