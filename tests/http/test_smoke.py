"""What a deployment is asked finds a service that works, and one that does not."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.http.conftest import Started
from tests.servers.ports import free_port
from tools import smoke

ROOT = Path(__file__).parents[2]


def asked(url: str) -> "subprocess.CompletedProcess[str]":
    """What the program says of an address."""
    program = [sys.executable, "tools/smoke.py", url]
    return subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own program


@pytest.mark.parametrize("identity", ["local", "tokens"])
def test_a_service_that_works_passes(started: Started, tmp_path: Path, identity: str) -> None:
    server = started(database_url=f"sqlite+aiosqlite:///{tmp_path / 'ledger.sqlite3'}", identity=identity)
    done = asked(f"{server.address()}/")
    assert (done.returncode, done.stdout.split()) == (
        0,
        ["ok", "ready", "ok", "answers_graphql", "ok", "refuses_nonsense"],
    )


def test_another_service_at_the_address_fails() -> None:
    class Everything(BaseHTTPRequestHandler):
        """Answers all that it is asked with 200, as a page for strangers does."""

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"data": null}')

        do_POST = do_GET  # noqa: N815  as the base class calls it

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Everything) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        done = asked(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert done.returncode == 1
    assert "FAILED  answers_graphql: /graphql answered 200" in done.stdout
    assert "FAILED  refuses_nonsense" in done.stdout


def test_an_address_where_nothing_listens_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke, "PATIENCE", 0.1)
    monkeypatch.setattr(smoke, "PAUSE", 0.05)
    told = smoke.ready(f"http://127.0.0.1:{free_port()}")
    assert told is not None
    assert "/readyz answered 0" in told


def test_what_is_no_address_is_refused() -> None:
    done = asked("file:///etc/hostname")
    assert done.returncode == 2
    assert "usage" in done.stderr
