"""What `expense doctor` asks the database."""

from __future__ import annotations

import os
import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, text

from graphql_api.commands.checks import Check, outage
from graphql_api.database.engine import outages_told
from graphql_api.database.schema import HEAD, SchemaMismatch, check_revision
from graphql_api.database.tables import idempotency_keys, ledgers
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import LedgerError, Unavailable
from graphql_api.stores import open_database

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from graphql_api.settings import Settings

_OLDEST = {"sqlite": (3, 35), "mysql": (8, 4), "mariadb": (10, 11)}
_SKEW = 2_000_000
_LITTLE_DISK, _NO_DISK = 2**30, 50 * 2**20


async def database_checks(settings: Settings) -> list[Check]:
    """Whether it answers, what it is, whether it has the schema and can be written to."""
    database = open_database(settings)
    engine = database.engines.read
    address = engine.url.render_as_string(hide_password=True)
    checks: list[Check] = []
    try:
        if engine.dialect.name == "sqlite":
            checks += _disk(engine)
            if checks[-1].status == "fail":
                return checks
            if _is_new(engine):
                return [*checks, *_new_file(engine)]
        try:
            async with engine.connect() as connection:
                with outages_told():
                    checks.append(Check("database", "ok", address))
                    checks += await _server(connection)
                    checks.append(await _clock(connection))
        except Exception as error:  # noqa: BLE001  whatever a driver raises is what is to be told
            advice = f"See that it runs, and that EXPENSE_DATABASE_URL is right: {address}"
            return [*[check for check in checks if check.name != "database"], outage("database", error, advice)]
        checks += await _schema(engine)
        if checks[-1].status == "ok":
            checks.append(await _writing(database.engines.write))
        return checks
    finally:
        await database.close()


def _disk(engine: AsyncEngine) -> list[Check]:
    folder = Path(str(engine.url.database)).resolve().parent
    if not folder.is_dir():
        return [Check("disk", "fail", f"there is no folder {folder}", "Make it, or mend EXPENSE_DATABASE_URL.")]
    free = shutil.disk_usage(folder).free
    found = f"{free / 2**30:,.1f} GiB are free in {folder}"
    if free < _NO_DISK:
        return [Check("disk", "fail", found, "Make room: the next write may fail.")]
    if free < _LITTLE_DISK:
        return [Check("disk", "warn", found, "Make room before it is full.")]
    return [Check("disk", "ok", found)]


async def _server(connection: AsyncConnection) -> list[Check]:
    dialect = connection.dialect
    if dialect.name == "sqlite":
        version = str((await connection.execute(text("SELECT sqlite_version()"))).scalar_one())
        charset = str((await connection.execute(text("PRAGMA encoding"))).scalar_one())
        right = charset == "UTF-8"
        name = "sqlite"
    else:
        version = str((await connection.execute(text("SELECT VERSION()"))).scalar_one())
        charset = str((await connection.execute(text("SELECT @@character_set_database"))).scalar_one())
        right = charset == "utf8mb4"
        name = "mariadb" if getattr(dialect, "is_mariadb", False) else "mysql"
    return [
        Check("driver", "ok", f"{dialect.name}+{dialect.driver}"),
        _version(name, version),
        _charset(charset, right),
    ]


def _version(name: str, version: str) -> Check:
    numbers = re.match(r"(?:5\.5\.5-)?(\d+)\.(\d+)", version)
    found = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    oldest = _OLDEST[name]
    if found < oldest:
        needed = ".".join(map(str, oldest))
        return Check("server", "fail", f"{name} {version}", f"This service is tested on {name} {needed} and later.")
    return Check("server", "ok", f"{name} {version}")


def _charset(charset: str, right: bool) -> Check:
    if right:
        return Check("charset", "ok", charset)
    advice = "New tables name theirs, but make the database's own right: ALTER DATABASE ... CHARACTER SET utf8mb4."
    return Check("charset", "warn", charset, advice)


async def _clock(connection: AsyncConnection) -> Check:
    if connection.dialect.name == "sqlite":
        return Check("clock", "ok", f"{calendar.moment(calendar.now()):%Y-%m-%dT%H:%M:%SZ}")
    before = calendar.now()
    seconds = (await connection.execute(text("SELECT UNIX_TIMESTAMP(NOW(6))"))).scalar_one()
    away = int(float(seconds) * 1_000_000) - (before + calendar.now()) // 2
    found = f"{abs(away) / 1_000_000:.1f} s from the database's"
    if abs(away) > _SKEW:
        return Check("clock", "warn", found, "Set both by NTP: instants in the history come from this machine's.")
    return Check("clock", "ok", found)


async def _schema(engine: AsyncEngine) -> list[Check]:
    try:
        await check_revision(engine)
    except SchemaMismatch as error:
        return [Check("schema", "fail", str(error), "Run `expense migrate`.")]
    except Unavailable as error:
        return [outage("schema", error, "Run `expense migrate`.")]
    async with engine.connect() as connection:
        last = (await connection.execute(select(func.max(ledgers.c.updated_at)))).scalar_one()
    checks = []
    ahead = (last or 0) - calendar.now()
    if ahead > _SKEW:
        found = f"it is {timedelta(microseconds=ahead)} behind the last write"
        checks.append(Check("clock", "warn", found, "Set this machine's clock."))
    return [*checks, Check("schema", "ok", f"revision {HEAD}")]


def _is_new(engine: AsyncEngine) -> bool:
    return not Path(str(engine.url.database)).exists()


def _new_file(engine: AsyncEngine) -> list[Check]:
    path = Path(engine.url.database or "").resolve()
    if not os.access(path.parent, os.W_OK):
        advice = "Let this user of the machine write there, or mend EXPENSE_DATABASE_URL."
        return [Check("database", "fail", f"{path.parent} may not be written to", advice)]
    return [Check("database", "ok", f"{path} is not there yet: the first command makes it")]


async def _writing(engine: AsyncEngine) -> Check:
    """Write a row and take it back."""
    row = {
        "ledger_id": 0,
        "subject": "doctor",
        "key": "doctor",
        "fingerprint": "",
        "version": 0,
        "outcome": "{}",
        "created_at": calendar.now(),
    }
    try:
        with outages_told():
            async with engine.connect() as connection:
                await connection.execute(insert(idempotency_keys), [row])
                await connection.rollback()
    except Exception as error:  # noqa: BLE001  whatever a driver raises is what is to be told
        cause = error.__cause__ if isinstance(error, LedgerError) else error
        told = str(getattr(cause, "orig", None) or cause or error).splitlines()[0][:200]
        return Check("writing", "fail", told, "Let the account, or this user of the machine, write the database.")
    return Check("writing", "ok", "a row was written and taken back")
