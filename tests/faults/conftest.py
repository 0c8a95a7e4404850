"""The service as a process that is killed and started again on the same port and database."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from graphql_api.database.engine import open_engines
from graphql_api.database.schema import migrate
from tests.faults.service import Service
from tests.named import ignored_unless_named
from tests.servers.variants import Variant, fresh_database

HERE = Path(__file__).parent

Serve = Callable[..., Service]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add how long and how often."""
    parser.addoption("--kills", type=int, default=10, help="how often the server is killed under writes")
    parser.addoption("--operations", type=int, default=3000, help="reads and writes over two replicas")
    parser.addoption("--soak-minutes", type=float, default=0.5, help="how long the service is kept under load")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave these out of a run that does not name them."""
    return ignored_unless_named(HERE, collection_path, config)


async def migrated(url: str) -> None:
    """Bring an empty database to the schema."""
    engines = open_engines(url)
    await migrate(engines.write)
    await engines.dispose()


@pytest.fixture
def database_url(variant: Variant) -> Iterator[str]:
    """An empty database, on the disk: what is measured here waits for it, as it does elsewhere."""
    with fresh_database(variant) as url:
        yield url


@pytest.fixture
async def ledger_url(database_url: str) -> str:
    """The address of a database with the schema and nothing else."""
    await migrated(database_url)
    return database_url


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Makes services, each with the settings given; what still runs at the end is stopped."""
    services: list[Service] = []

    def make(
        url: str, *, prefix: tuple[str, ...] = (), environment: Mapping[str, str] | None = None, **settings: str
    ) -> Service:
        log = tmp_path / f"service-{len(services)}.log"
        service = Service(url, log, prefix=prefix, environment=environment, settings=settings)
        services.append(service)
        return service

    yield make
    for service in services:
        service.stop()
