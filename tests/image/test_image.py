"""What comes out of the Dockerfile serves, and can do no more than it must."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.http.running import RunningServer
from tests.servers.ports import free_port

BUILD_TOOLS = {"cc", "gcc", "make", "pip", "pip3", "uv", "python3-config", "git", "curl", "wget"}


def status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, value in (line.split(":", 1) for line in lines)}


def is_healthy(configuration: dict[str, Any], port: int) -> bool:
    """Run the image's health check, on this machine's Python."""
    kind, _, *arguments = configuration["Healthcheck"]["Test"]
    assert kind == "CMD"
    done = subprocess.run(  # noqa: S603  what the image says of itself
        [sys.executable, *arguments], env={"EXPENSE_PORT": str(port)}, capture_output=True, check=False
    )
    return done.returncode == 0


def test_it_keeps_what_it_is_given(service: RunningServer) -> None:
    address = service.address()
    assert httpx.get(f"{address}/readyz").status_code == 200
    given = {"amount": 12.5, "merchant": "Bakery", "currency": "USD"}
    made = httpx.post(f"{address}/api/v1/transactions", json=given)
    assert made.status_code == 201, made.text
    answer = httpx.post(f"{address}/graphql", json={"query": "{ ledger { transactions { nodes { merchant } } } }"})
    assert answer.json()["data"]["ledger"]["transactions"]["nodes"] == [{"merchant": "Bakery"}]


def test_it_logs_json_and_ends_by_sigterm(service: RunningServer) -> None:
    httpx.get(f"{service.address()}/api/v1/transactions")
    assert service.process.stop() == 0
    assert any("/api/v1/transactions" in json.dumps(line) for line in service.lines())


def test_it_has_no_rights_and_a_file_system_that_cannot_be_written(service: RunningServer) -> None:
    found = status(service.process.pid)
    assert found["Uid"].split() == ["10001"] * 4
    assert (int(found["CapEff"], 16), int(found["CapPrm"], 16), found["NoNewPrivs"]) == (0, 0, "1")
    mounts = [line.split() for line in Path(f"/proc/{service.process.pid}/mountinfo").read_text().splitlines()]
    (options,) = [set(fields[5].split(",")) for fields in mounts if fields[4] == "/"]
    assert "ro" in options


def test_the_health_check_tells_whether_it_is_ready(
    service: RunningServer, port: int, configuration: dict[str, Any]
) -> None:
    assert service.process.returncode is None
    assert is_healthy(configuration, port)
    assert not is_healthy(configuration, free_port())


def test_its_user_is_a_number_and_not_root(configuration: dict[str, Any]) -> None:
    # Kubernetes' runAsNonRoot refuses a name
    user, _, group = configuration["User"].partition(":")
    assert int(user) > 0
    assert int(group) > 0


def test_nothing_in_it_builds_or_fetches(root: Path) -> None:
    folders = [root / "usr/bin", root / "usr/local/bin", root / "opt/expense/bin"]
    assert {path.name for folder in folders for path in folder.iterdir()} & BUILD_TOOLS == set()


def test_no_file_of_the_service_is_its_users_own(root: Path) -> None:
    files = [path for path in (root / "opt/expense").rglob("*") if not path.is_symlink()]
    assert len(files) > 1000
    assert {path.stat().st_uid for path in files} == {0}
    assert [path for path in files if path.stat().st_mode & 0o022] == []
