"""The outcome "not run": a test whose server, browser or tool is not on this machine.

It is neither a pass nor a skip: the summary names each with its reason, and under CI=true the
session fails for it.
"""

import os
from collections.abc import Generator
from typing import NoReturn

import pytest
from _pytest.outcomes import Skipped  # pytest.skip.Exception, by a name that types know

NOT_RUN = "not run"
# The attribute of a report that holds the reason; reports keep what they are given.
MARK = "not_run"


class NotRun(Skipped):
    """What the test needs cannot be had here; the message says why and what to do."""


def not_run(reason: str) -> NoReturn:
    """End the running test, or the fixture that it asks for, as not run."""
    raise NotRun(reason)


def is_ci() -> bool:
    """Tell whether a test that was not run is a failure of the session."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,  # noqa: ARG001 - pytest calls hooks by the names of their arguments
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Mark the report of a test that was not run."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, NotRun):
        setattr(report, MARK, str(call.excinfo.value.msg))
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Count a test that was not run under a name of its own."""
    return (NOT_RUN, "N", "NOT RUN") if hasattr(report, MARK) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was not run, and why."""
    reports = terminalreporter.stats.get(NOT_RUN, [])
    if not reports:
        return
    reasons: dict[str, list[str]] = {}
    for report in reports:
        reasons.setdefault(getattr(report, MARK), []).append(report.nodeid)
    terminalreporter.section(NOT_RUN + (", which fails under CI=true" if is_ci() else ""))
    for reason, tests in reasons.items():
        terminalreporter.line(f"{len(tests)} not run: {reason}")
        for test in tests:
            terminalreporter.line(f"    {test}")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the session when something was not run where everything has to be."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if is_ci() and exitstatus == pytest.ExitCode.OK and reporter and reporter.stats.get(NOT_RUN):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
