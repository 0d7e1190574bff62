"""The style sheets and the icon of pages, as routes."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from typing import Final

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler

from openspending.browse.visitors import READ

_KINDS: Final = {"css": "text/css", "svg": "image/svg+xml"}


def sheet(file: Traversable) -> HTTPRouteHandler:
    """A file that comes with the program, at `/static/{its name}`. It is read once, here."""
    content, kind = file.read_bytes(), _KINDS[file.name.rpartition(".")[2]]
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}

    @route(f"/static/{file.name}", http_method=READ, include_in_schema=False, sync_to_thread=False)
    def static() -> Response[bytes]:
        return Response(content, media_type=kind, headers=headers)

    return static
