"""A child process is waited for, told about when it fails, and ended."""

import signal
import sys
from pathlib import Path

import pytest

from tests.servers.ports import free_port, is_open
from tests.servers.process import ServerError, ServerProcess

LISTEN = """
import signal, socket, sys, time
{before}
listener = socket.create_server(("127.0.0.1", {port}))
time.sleep(60)
"""


def listening(tmp_path: Path, port: int, before: str = "") -> ServerProcess:
    script = LISTEN.format(port=port, before=before)
    return ServerProcess("listener", [sys.executable, "-c", script], log=tmp_path / "log")


def test_waits_for_the_port_and_ends_by_sigterm(tmp_path: Path) -> None:
    port = free_port()
    with listening(tmp_path, port) as server:
        server.wait_for_port(port)
        assert server.stop() == -signal.SIGTERM
    assert not is_open(port)


def test_a_server_that_heeds_no_sigterm_is_killed(tmp_path: Path) -> None:
    port = free_port()
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    with listening(tmp_path, port, ignore) as server:
        server.wait_for_port(port)
        assert server.stop(seconds=0.5) == -signal.SIGKILL


def test_a_server_that_ends_early_is_told_with_its_log(tmp_path: Path) -> None:
    port = free_port()
    with (
        listening(tmp_path, port, "sys.exit('no such option')") as server,
        pytest.raises(ServerError, match=r"ended with status 1(?s:.*)no such option"),
    ):
        server.wait_for_port(port)


def test_a_silent_server_is_told(tmp_path: Path) -> None:
    with (
        listening(tmp_path, free_port()) as server,
        pytest.raises(ServerError, match="was not ready after 0 s"),
    ):
        server.wait_for(lambda: False, seconds=0.2)
