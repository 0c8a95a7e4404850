"""A free port is given once, whoever asks."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.ports import LOOPBACK, free_port, is_open

ROOT = Path(__file__).parents[2]
# Takes ports of those that it is told, tells which, and holds them until it is told to end.
TAKE = """
import json, sys
from tests.servers.ports import free_port
count, among = json.loads(sys.argv[1])
print(*(free_port(among) for _ in range(count)), flush=True)
input()
"""


def taking(count: int, among: list[int]) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603  our own script
        [sys.executable, "-c", TAKE, f"[{count}, {among}]"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def taken(by: "subprocess.Popen[str]") -> set[int]:
    assert by.stdout is not None
    return {int(word) for word in by.stdout.readline().split()}


def test_processes_at_once_get_ports_of_their_own() -> None:
    with taking(3, list(range(20_000, 32_000))) as other:
        few = sorted(taken(other))
        other.communicate("\n")
    with taking(2, few) as other:
        theirs = taken(other)
        assert len(theirs) == 2
        assert {free_port(few)} == set(few) - theirs
        with pytest.raises(OSError, match="no port is free"):
            free_port(few)
        other.communicate("\n")
    assert {free_port(few), free_port(few)} == theirs


def test_a_port_that_something_else_listens_on_is_not_given() -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        assert is_open(port)
        with pytest.raises(OSError, match="no port is free"):
            free_port([port])
    assert free_port([port]) == port
