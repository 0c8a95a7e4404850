"""The playground's and the documentation's files, which come with the package and need no other server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    import os

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"

_HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.\w+$", re.ASCII)
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


class Assets(StaticFiles):
    """Files whose name holds a hash of their content never change; of others a browser asks whether they have."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, with how long it may be kept."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = _FOREVER if _HASHED.search(Path(full_path).name) else _ASK_AGAIN
        return response


def has_playground() -> bool:
    """Whether the playground is part of this installation."""
    return (FOLDER / "playground" / "index.html").is_file()


def playground_page() -> Response:
    """The page that answers GET /graphql in a browser."""
    return _page("playground")


async def documentation_page(_: Request) -> Response:
    """GET /docs: the documentation of both REST dialects."""
    return _page("docs")


def routes(*, enabled: bool) -> list[BaseRoute]:
    """The pages' routes; none when they are switched off."""
    if not enabled or not FOLDER.is_dir():
        return []
    return [Route("/docs", documentation_page), Mount("/static", Assets(directory=FOLDER))]


def _page(name: str) -> Response:
    path = FOLDER / name / "index.html"
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, headers={"Cache-Control": _ASK_AGAIN})
