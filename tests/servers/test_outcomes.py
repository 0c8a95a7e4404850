"""A test that was not run is told as that, and fails the session under CI=true only."""

import pytest

TESTS = """
    import pytest
    from tests.servers.outcomes import not_run

    @pytest.fixture
    def server():
        not_run("the server is not installed")

    def test_that_needs_it(server):
        raise AssertionError("must not be reached")

    def test_that_does_not():
        pass

    @pytest.mark.skip(reason="an ordinary skip")
    def test_skipped():
        pass
"""


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize(
    ("ci", "status"),
    [("", pytest.ExitCode.OK), ("true", pytest.ExitCode.TESTS_FAILED)],
)
def test_outcome(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, status: pytest.ExitCode, workers: int
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # they run nothing that is measured
    pytester.makeconftest('pytest_plugins = ["tests.servers.outcomes"]')
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:schemathesis", "-n", str(workers))
    assert result.ret == status
    result.stdout.fnmatch_lines(
        [
            "1 not run: the server is not installed",
            "*test_outcome.py::test_that_needs_it",
            "*1 passed, 1 skipped, 1 not run in *",
        ]
    )
