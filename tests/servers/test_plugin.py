"""Which databases and drivers a test runs on."""

import pytest

from tests.servers.plugin import one_driver_each
from tests.servers.variants import SERVERS_OF


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (list(SERVERS_OF), ["sqlite", "mysql-aiomysql", "mariadb-aiomysql"]),
        (["mysql-asyncmy", "mariadb-asyncmy"], ["mysql-asyncmy", "mariadb-asyncmy"]),
        (["sqlite"], ["sqlite"]),
    ],
)
def test_of_each_engine_one_driver_is_kept(chosen: list[str], kept: list[str]) -> None:
    assert one_driver_each(chosen) == kept
