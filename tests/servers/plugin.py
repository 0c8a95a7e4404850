"""The pytest plugin: the servers as fixtures, and the option that limits the databases.

A server starts when the first test asks for it and stops at the end of the session. A test that
asks for `variant` or `database_url` runs once on each database and driver.
"""

import sys
from collections.abc import Generator, Iterator

import pytest

from tests.servers.database import DatabaseServer
from tests.servers.mariadb import MariaDBServer
from tests.servers.memory import memory_folder
from tests.servers.mysql import MySQLServer
from tests.servers.redis import RedisServer
from tests.servers.variants import SERVERS_OF, Variant, fresh_database

UNMEASURED = ("mysql-asyncmy", "mariadb-aiomysql")
"""Variants without coverage: of those that stay, one is of each server and one of each driver."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --engines."""
    parser.addoption(
        "--engines",
        metavar="IDS",
        default=",".join(SERVERS_OF),
        help=f"the databases to test, of {', '.join(SERVERS_OF)}; a prefix means all that begin so",
    )


def _chosen(config: pytest.Config) -> list[str]:
    """Return the ids that --engines names.

    Raises:
        pytest.UsageError: a word of it is the beginning of no id.
    """
    words = [word.strip() for word in config.getoption("--engines").split(",") if word.strip()]
    for word in words:
        if not any(name.startswith(word) for name in SERVERS_OF):
            raise pytest.UsageError(f"--engines: {word!r} is none of {', '.join(SERVERS_OF)}")
    return [name for name in SERVERS_OF if any(name.startswith(word) for word in words)]


def pytest_configure(config: pytest.Config) -> None:
    """Refuse an unknown engine before anything is collected."""
    config.addinivalue_line(
        "markers", "each_engine: the test is of the databases and not of their drivers, and runs with one driver each"
    )
    _chosen(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat a test that asks for a database, directly or by another fixture."""
    if "variant" in metafunc.fixturenames:
        chosen = _chosen(metafunc.config)
        if metafunc.definition.get_closest_marker("each_engine"):
            chosen = one_driver_each(chosen)
        metafunc.parametrize("variant", chosen, indirect=True, scope="session")


def one_driver_each(names: list[str]) -> list[str]:
    """Of the ids, the first of each server's and SQLite's."""
    first: dict[str | None, str] = {}
    for name in names:
        first.setdefault(SERVERS_OF[name][0], name)
    return list(first.values())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that ask for a server of no chosen engine."""
    servers = {server for server, _ in SERVERS_OF.values() if server}
    unwanted = {f"{server}_server" for server in servers - {SERVERS_OF[name][0] for name in _chosen(config)}}
    left_out = [item for item in items if unwanted & set(getattr(item, "fixturenames", ()))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no lines where another variant runs the same ones: that takes as long again as the test itself."""
    specification = getattr(item, "callspec", None)
    tracer = sys.gettrace()
    if tracer is None or specification is None or specification.params.get("variant") not in UNMEASURED:
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.fixture(scope="session")
def mysql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseServer]:
    """A running MySQL, shared by the session."""
    yield from _running(MySQLServer(logs=tmp_path_factory.mktemp("mysql")))


@pytest.fixture(scope="session")
def mariadb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseServer]:
    """A running MariaDB, shared by the session."""
    yield from _running(MariaDBServer(logs=tmp_path_factory.mktemp("mariadb")))


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A running Redis, shared by the session."""
    server = RedisServer(logs=tmp_path_factory.mktemp("redis"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of a Redis that is empty when the test begins."""
    redis_server.flush()
    return redis_server.url


@pytest.fixture(scope="session")
def variant(request: pytest.FixtureRequest) -> Variant:
    """One of the databases with one of its drivers, its server running."""
    server, driver = SERVERS_OF[request.param]
    running = request.getfixturevalue(f"{server}_server") if server else None
    return Variant(id=request.param, driver=driver, server=running)


@pytest.fixture
def database_url(variant: Variant) -> Iterator[str]:
    """SQLAlchemy's URL of an empty database that only this test uses."""
    with fresh_database(variant, memory_folder()) as url:
        yield url


def _running(server: DatabaseServer) -> Iterator[DatabaseServer]:
    try:
        server.start()
        yield server
    finally:
        server.stop()
