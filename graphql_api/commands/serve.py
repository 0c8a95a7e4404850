"""expense serve."""

from __future__ import annotations

from typing import Annotated

import typer

Host = Annotated[str | None, typer.Option(help="The address to listen on, instead of EXPENSE_HOST.")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="The port, instead of EXPENSE_PORT; 0 takes a free one.")
]
Workers = Annotated[int | None, typer.Option(min=1, max=64, help="Processes, instead of EXPENSE_WORKERS.")]


def serve(host: Host = None, port: Port = None, workers: Workers = None) -> None:
    """Serve GraphQL, REST and the playground until SIGTERM or Ctrl-C."""
    import os

    from graphql_api.http.collector import kept

    with kept():
        from graphql_api.http.server import serve as run_server
        from graphql_api.settings import PREFIX, Settings

    # through the environment, so that worker processes read the same
    for name, value in (("HOST", host), ("PORT", port), ("WORKERS", workers)):
        if value is not None:
            os.environ[PREFIX + name] = str(value)
    run_server(Settings.load())
