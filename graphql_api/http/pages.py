"""The two static pages for a browser, the GraphQL playground and the REST documentation.

`tools/playground` builds their files. Every address in them is relative, so the pages work
below any prefix: a page is served beside `static/`, as in `/graphql` and `/static/playground/`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from starlette.types import Scope

STATIC = Path(__file__).parent / "static"

PAGE_HEADERS = {
    # The editor and Swagger UI set styles from scripts; nothing needs an inline script or eval.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; worker-src 'self'; connect-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    # A page names the files of one build, so a browser asks each time whether it is the newest.
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    # /graphql answers a program and a browser differently.
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}


def page(name: Literal["playground", "docs"]) -> Response:
    """The HTML of a page, to be served at any path whose parent also has `static/`."""
    return FileResponse(STATIC / name / "index.html", headers=PAGE_HEADERS)


class PageFiles(StaticFiles):
    """The pages' scripts, styles, workers and fonts, to be mounted at `/static`."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: "Scope") -> Response:
        """Serve a file; the names in `assets/` hold a hash of the content, so they keep forever."""
        response = await super().get_response(path, scope)
        hashed = Path(path).parent.name == "assets"
        lasting = "public, max-age=31536000, immutable"
        response.headers["Cache-Control"] = lasting if hashed else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
