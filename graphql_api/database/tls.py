"""TLS to MySQL and MariaDB: asked for in the address by `ssl_ca`, and then never done without.

`ssl_ca` is the file of the authorities that may sign the server's certificate, in PEM form; the certificate must be of
the host that the address names.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

SSL_CA = "ssl_ca"
"""The name in the address's query."""

_PLAIN = 2026
"""The number of the client's error that MySQL calls CR_SSL_CONNECTION_ERROR."""


def split(address: URL) -> tuple[URL, dict[str, Any]]:
    """The address without its `ssl_ca`, and the arguments for the driver's connections; none without one.

    Raises `OSError` if the file cannot be read, `ssl.SSLError` if it holds no certificate.
    """
    given = address.query.get(SSL_CA)
    if given is None:
        return address, {}
    context = ssl.create_default_context(cafile=str(given))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    arguments: dict[str, Any] = {"ssl": context}
    if address.get_driver_name() == "aiomysql":
        arguments["async_creator_fn"] = _connect
    return address.difference_update_query([SSL_CA]), arguments


async def _connect(**arguments: Any) -> Any:
    """A connection of aiomysql that asks for TLS and gets it: by itself it goes on without where a server has none."""
    from aiomysql.connection import Connection  # noqa: PLC0415  only where this driver is used
    from pymysql.constants import CLIENT  # noqa: PLC0415
    from pymysql.err import OperationalError  # noqa: PLC0415

    class Secure(Connection):  # type: ignore[misc]  # the driver has no types
        async def _request_authentication(self) -> None:
            # before the password is sent
            if not self.server_capabilities & CLIENT.SSL:
                raise OperationalError(_PLAIN, "The server has no TLS, which the address asks for by ssl_ca.")
            await super()._request_authentication()

    connection = Secure(**arguments)
    await connection._connect()  # noqa: SLF001  what aiomysql.connect does with its own class
    return connection
