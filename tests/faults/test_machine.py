"""The machine's own faults, with SQLite: a disk that fills up, and a clock that is set back."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.faults.conftest import Serve
from tests.faults.service import Service
from tests.faults.writers import check, more, until, writing
from tests.servers.outcomes import not_run
from tests.servers.programs import installed

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(900)]

CLOCK = "libfaketime.so.1"
HISTORY = "query ($instant: DateTime!) { ledger(asOf: {instant: $instant}) { version transactions { totalCount } } }"


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A folder for a file system that only the service sees."""
    if os.geteuid() or subprocess.run(["unshare", "--mount", "true"], check=False).returncode:  # noqa: S607
        not_run("unshare --mount: a file system of the service's own can be mounted as root only")
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


async def test_the_disk_is_full(serve: Serve, small_disk: Path) -> None:
    mount = 'mount -t tmpfs -o size=3m tmpfs "$0" && exec "$@"'
    service = serve(
        f"sqlite+aiosqlite:///{small_disk / 'ledger.sqlite3'}",
        prefix=("unshare", "--mount", "sh", "-c", mount, str(small_disk)),
    )
    await service.start()
    async with writing(service.address) as told:
        await until(lambda: told.refusals["503"] >= 50)
        async with httpx.AsyncClient(base_url=service.address, timeout=60) as client:
            assert (await client.get("/api/v1/transactions")).status_code == httpx.codes.OK
        until_full = len(told.acknowledged)
        _larger(service, small_disk)
        await more(told, 100)
    version = await check(service.address, told)
    print(f"{until_full} acknowledged until the disk was full, {version - until_full} after it had room again")
    assert set(told.refusals) == {"503"}


def _larger(service: Service, folder: Path) -> None:
    inside = ["nsenter", "--target", str(service.process.pid), "--mount"]
    subprocess.run([*inside, "mount", "-o", "remount,size=64m", folder], check=True)  # noqa: S603


@pytest.fixture
def clock(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A file that says what time it is, and the environment of a process that believes it."""
    program = installed("faketime")
    (library,) = program.parents[1].glob(f"lib/*/faketime/{CLOCK}")
    path = tmp_path / "clock"
    environment = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(path),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    return path, environment


async def test_the_clock_is_set_back(serve: Serve, tmp_path: Path, clock: tuple[Path, dict[str, str]]) -> None:
    file, environment = clock
    file.write_text("+0")
    service = serve(f"sqlite+aiosqlite:///{tmp_path / 'ledger.sqlite3'}", environment=environment)
    await service.start()
    async with writing(service.address) as told:
        await more(told, 50)
        file.write_text("-7d")
        await more(told, 50)
        file.write_text("-1d")
        await more(told, 50)
    assert not told.refusals
    version = await check(service.address, told)
    async with httpx.AsyncClient(base_url=service.address, timeout=60) as client:
        feed = await client.post("/graphql", json={"query": "{ ledger { changes { nodes { at } } } }"})
        instants = [datetime.fromisoformat(node["at"]) for node in feed.json()["data"]["ledger"]["changes"]["nodes"]]
        assert instants == sorted(instants)
        assert instants[-1] - instants[0] < timedelta(days=1)
        now = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
        last = await client.post("/graphql", json={"query": HISTORY, "variables": {"instant": now}})
    assert last.json()["data"]["ledger"] == {"version": version, "transactions": {"totalCount": len(told.acknowledged)}}
