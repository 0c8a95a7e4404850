"""What lies in memory, and what does not."""

from pathlib import Path

import pytest

from tests.servers import memory
from tests.servers.mariadb import MariaDBServer
from tests.servers.memory import memory_folder


@pytest.mark.parametrize("durable", [True, False])
def test_only_what_need_not_be_durable_lies_in_memory(tmp_path: Path, *, durable: bool) -> None:
    server = MariaDBServer(logs=tmp_path, durable=durable)
    try:
        folder = memory_folder()
        assert (folder is not None and folder in server.data.parents) == (folder is not None and not durable)
    finally:
        server.stop()


def test_where_memory_is_short_the_disk_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "NEEDED", 2**60)
    assert memory_folder() is None


def test_where_there_is_no_such_folder_the_disk_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "none")
    assert memory_folder() is None
