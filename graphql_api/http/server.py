"""The server: uvicorn with one process or several, from the first check to the last acknowledged write."""

from __future__ import annotations

import asyncio
import logging
import logging.config
import os
import signal
import socket
import sqlite3
import sys
import tempfile
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_all_start_methods, get_context
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from uvicorn import Config, Server
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from graphql_api.database.engine import open_engines
from graphql_api.database.schema import HEAD, check_revision, current_revision, migrate
from graphql_api.http.addresses import addresses
from graphql_api.http.collector import kept
from graphql_api.ledgers.errors import LedgerError, Unavailable
from graphql_api.settings import unknown_variables
from graphql_api.telemetry.logs import logging_config

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from sqlalchemy.engine import URL
    from starlette.types import ASGIApp

    from graphql_api.database.engine import Engines
    from graphql_api.settings import Settings

log = logging.getLogger("graphql_api.server")

COMPOSITION = "graphql_api.app"
"""The composition root, which is named and not imported, because imports go down only."""

_WORKER_SILENCE = 60
"""Seconds after which a worker that says nothing is replaced; one that starts on a busy machine is silent for long."""

_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class ServerError(LedgerError):
    """The server cannot start; the text says why and what to do."""


def serve(settings: Settings, composition: str = COMPOSITION) -> None:
    """Serve until SIGTERM or SIGINT; returns when all that was begun is answered and committed.

    `composition` is a module whose `create_app` takes settings and gives the application.

    Raises `LedgerError` if it cannot start: a wrong address, a wrong schema, no database. Exits with
    `STARTUP_FAILURE` if the application itself fails to start.
    """
    logs = logging_config(settings.log_level, settings.log_format)
    logging.config.dictConfig(logs)
    for name in unknown_variables():
        log.warning("%s is no setting of this version.", name)
    with _bound(settings) as listener:
        _prepare_for_serving(settings)
        config = Config(
            _Factory(settings, composition),
            factory=True,
            workers=settings.workers,
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            ws_max_size=settings.max_body_bytes,
            log_config=logs,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=settings.shutdown_timeout,
            timeout_worker_healthcheck=_WORKER_SILENCE,
        )
        found = addresses(settings.host, listener.getsockname()[1], pages=settings.playground)
        if settings.workers == 1:
            _Single(config, found).run_until_told(listener)
        else:
            with _shared_metrics():
                _Several(config, found, listener).run_until_told()
    log.info("The server has stopped.")


async def prepare(settings: Settings) -> None:
    """See that the database answers and has the right schema; SQLite, which nobody else migrates, gets it here."""
    async with _opened(settings) as engines:
        if _is_sqlite(engines):
            found = await current_revision(engines.read)
            if _is_old(found):
                await migrate(engines.write)
                log.info("The schema was brought from %s to %s.", found or "nothing", HEAD)
        else:
            await _wait(engines, settings.database_wait)
        await check_revision(engines.read)


def _prepare_for_serving(settings: Settings) -> None:
    """`prepare`, but a migration runs in a process of its own, with which the memory that Alembic takes ends."""
    _open_file(make_url(settings.database_url.get_secret_value()))
    if "fork" in get_all_start_methods() and asyncio.run(_must_migrate(settings)):
        child = get_context("fork").Process(target=_prepare_as_child, args=(settings,))
        child.start()
        child.join()
        if child.exitcode:
            raise ServerError(f"The database could not be brought to the schema {HEAD}.")
    asyncio.run(prepare(settings))


def _open_file(url: URL) -> None:
    """Fail on a SQLite file that cannot be opened: the asynchronous driver's thread would outlive its event loop."""
    if url.get_backend_name() == "sqlite" and url.database:
        try:
            sqlite3.connect(url.database).close()
        except sqlite3.Error as error:
            raise Unavailable(f"The database does not answer: {error}.") from error


async def _must_migrate(settings: Settings) -> bool:
    async with _opened(settings) as engines:
        return _is_sqlite(engines) and _is_old(await current_revision(engines.read))


def _prepare_as_child(settings: Settings) -> None:
    try:
        asyncio.run(prepare(settings))
    except LedgerError as error:
        sys.exit(str(error))


def _is_sqlite(engines: Engines) -> bool:
    return engines.read.dialect.name == "sqlite"


def _is_old(revision: str | None) -> bool:
    return revision is None or revision < HEAD


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Engines]:
    engines = open_engines(settings.database_url.get_secret_value(), pool_size=1)
    try:
        yield engines
    finally:
        await engines.dispose()


async def _wait(engines: Engines, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        try:
            await current_revision(engines.read)
        except Unavailable as outage:
            if loop.time() >= deadline:
                address = engines.read.url.render_as_string(hide_password=True)
                raise ServerError(f"The database does not answer: {address}") from outage
            log.info("Waiting for the database.")
            await asyncio.sleep(min(1.0, seconds))
        else:
            return


@contextmanager
def _bound(settings: Settings) -> Iterator[socket.socket]:
    """The socket, bound but not listening yet, so that a wrong address is told before anything is done."""
    if settings.identity == "local" and not settings.is_loopback and not settings.insecure_bind:
        raise ServerError(
            f"EXPENSE_HOST is {settings.host}, which other machines may reach, and nobody has to say who they are. "
            "Listen on 127.0.0.1, or tell callers apart by EXPENSE_IDENTITY, or set EXPENSE_INSECURE_BIND=true if "
            "something in front keeps strangers out."
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else "no such host"
            raise ServerError(
                f"Cannot listen on {settings.host} port {settings.port}: {reason}. See EXPENSE_HOST and EXPENSE_PORT."
            ) from error
        listener.set_inheritable(True)
        yield listener


@dataclass(frozen=True)
class _Factory:
    """Makes the application in whichever process it is sent to."""

    settings: Settings
    composition: str

    def __call__(self) -> ASGIApp:
        with kept():
            app: ASGIApp = import_module(self.composition).create_app(self.settings)
        return app


class _Single(Server):
    """This process serves."""

    def __init__(self, config: Config, found: dict[str, str]) -> None:
        super().__init__(config)
        self._found = found

    def run_until_told(self, listener: socket.socket) -> None:
        # uvicorn raises the signal again when it is done; with its own handler in place that ends nothing
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.handle_exit)
        self.run([listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _announce(self._found)


class _Several(Multiprocess):
    """This process watches over others that serve."""

    def __init__(self, config: Config, found: dict[str, str], listener: socket.socket) -> None:
        super().__init__(config, [listener])
        self._found = found
        self._announced = False

    def run_until_told(self) -> None:
        self.run()
        if any(process.exitcode == STARTUP_FAILURE for process in self.processes):
            sys.exit(STARTUP_FAILURE)

    def keep_subprocess_alive(self) -> None:
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {process.pid for process in self.processes}:
            log.warning("A worker ended and was replaced.", extra={"worker": pid})
            _forget_gauges(pid)
        if not self._announced and any(process.is_ready() for process in self.processes):
            self._announced = True
            _announce(self._found)


def _announce(found: dict[str, str]) -> None:
    width = max(map(len, found))
    for name, address in found.items():
        print(f"{name:{width}}  {address}", file=sys.stderr, flush=True)  # noqa: T201  for whoever started it
    log.info("Listening.", extra={"addresses": found})


@contextmanager
def _shared_metrics() -> Iterator[None]:
    """A folder in which the workers keep their metrics; named before any of them imports prometheus_client."""
    with tempfile.TemporaryDirectory(prefix="expense-metrics-") as folder:
        os.environ[_METRICS_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[_METRICS_FOLDER]


def _forget_gauges(pid: int | None) -> None:
    """What a dead worker had open or in flight is gone with it; its counters stay, or sums would fall."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415  this process keeps no metrics

    mark_process_dead(pid)  # type: ignore[no-untyped-call]
