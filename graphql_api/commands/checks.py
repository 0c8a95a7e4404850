"""What `expense doctor` looks at: the machine, the settings, the ports; the database has a file of its own."""

from __future__ import annotations

import asyncio
import difflib
import os
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from graphql_api.ledgers.errors import Unavailable
from graphql_api.settings import PREFIX, Settings, SettingsError
from graphql_api.transfers.profiles import FOLDER_VARIABLE

if TYPE_CHECKING:
    from typing import Literal

PYTHON = (3, 11)
REDIS_SECONDS = 2
RECEIVER_SECONDS = 2

# read by the command line only
_OTHERS = (f"{PREFIX}LEDGER", FOLDER_VARIABLE)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: how it is, in words, and what to do about it."""

    name: str
    status: Literal["ok", "warn", "fail"]
    found: str
    advice: str = ""


async def examine() -> list[Check]:
    """Everything, in the order in which it is needed."""
    from graphql_api.commands.database_checks import database_checks
    from graphql_api.commands.identity_checks import identity_check

    checks = [_python()]
    try:
        settings = Settings.load()
    except SettingsError as error:
        lines = str(error).splitlines()
        checks += [
            Check("settings", "fail", line, "Mend this variable of the environment, or unset it.") for line in lines
        ]
        return [*checks, *_unknown_variables()]
    given = sum(f"{PREFIX}{name}".upper() in os.environ for name in Settings.model_fields)
    checks.append(Check("settings", "ok", f"{given} of {len(Settings.model_fields)} are given, all valid"))
    checks += _unknown_variables()
    checks += await database_checks(settings)
    checks.append(await _redis(settings))
    if settings.otlp_endpoint is not None:
        checks.append(await _traces(settings.otlp_endpoint))
    checks.append(await identity_check(settings))
    checks.append(_port(settings))
    return checks


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        return Check("python", "fail", version, f"Install Python {'.'.join(map(str, PYTHON))} or later.")
    return Check("python", "ok", version)


def _unknown_variables() -> list[Check]:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields} | set(_OTHERS)
    checks = []
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            advice = f"Did you mean {near[0]}?" if near else "It has no effect: unset it."
            checks.append(Check("settings", "warn", f"{name} is no setting", advice))
    return checks


async def _redis(settings: Settings) -> Check:
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    if settings.redis_url is None:
        return Check("redis", "ok", "off; nothing needs it")
    client = Redis.from_url(
        settings.redis_url.get_secret_value(),
        socket_connect_timeout=REDIS_SECONDS,
        socket_timeout=REDIS_SECONDS,
    )
    try:
        information = await asyncio.wait_for(client.info("server"), 2 * REDIS_SECONDS)
    except (RedisError, OSError, TimeoutError, ValueError) as error:
        advice = "Answers stay right without it, only slower. Start it, mend EXPENSE_REDIS_URL, or unset it."
        return Check("redis", "warn", f"does not answer: {type(error).__name__}", advice)
    finally:
        await client.aclose()
    return Check("redis", "ok", f"version {information.get('redis_version', 'unknown')}")


async def _traces(endpoint: str) -> Check:
    parts = urlsplit(endpoint)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(RECEIVER_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, TimeoutError) as error:
        advice = "Requests are served without it, and their traces are lost. Start it, or mend EXPENSE_OTLP_ENDPOINT."
        return Check("traces", "warn", f"{parts.netloc} does not answer: {type(error).__name__}", advice)
    writer.close()
    return Check("traces", "ok", f"{parts.netloc} takes connections")


def _port(settings: Settings) -> Check:
    where = f"{settings.host}:{settings.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except socket.gaierror:
        return Check("port", "fail", f"{settings.host} is no address of this machine", "Mend EXPENSE_HOST.")
    except PermissionError:
        return Check("port", "fail", f"{where} may not be listened on", "Take a port above 1023: EXPENSE_PORT.")
    except OSError as error:
        advice = "If that is this service, all is well; otherwise take another: EXPENSE_PORT."
        return Check("port", "warn", f"{where} cannot be had: {error.strerror}", advice)
    return Check("port", "ok", f"{where} is free")


def outage(name: str, error: Unavailable | Exception, advice: str) -> Check:
    """A dependency that does not answer."""
    cause = error.__cause__ or error
    return Check(name, "fail", f"does not answer: {_first_line(cause)}", advice)


def _first_line(error: BaseException) -> str:
    origin = getattr(error, "orig", None) or error
    text = str(origin).splitlines()
    return text[0][:200] if text else type(origin).__name__
