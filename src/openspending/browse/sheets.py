"""The style sheets and the icon of pages, as routes."""

from __future__ import annotations

import hashlib
from importlib.resources.abc import Traversable
from typing import Final

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler

from openspending.browse.visitors import READ
from openspending.web import AnyRequest, names_etag

_KINDS: Final = {"css": "text/css", "svg": "image/svg+xml"}
# A page is drawn at once with what the browser has; what an upgrade changed comes with the next.
_A_WHILE: Final = "public, max-age=300, stale-while-revalidate=86400"


def sheet(file: Traversable) -> HTTPRouteHandler:
    """A file that comes with the program, at `/static/{its name}`. It is read once, here."""
    content, kind = file.read_bytes(), _KINDS[file.name.rpartition(".")[2]]
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": _A_WHILE, "ETag": etag, "X-Content-Type-Options": "nosniff"}

    @route(f"/static/{file.name}", http_method=READ, include_in_schema=False, sync_to_thread=False)
    def static(request: AnyRequest) -> Response[bytes]:
        if names_etag(request.headers.get("if-none-match"), etag):
            return Response(b"", status_code=304, media_type=kind, headers=headers)
        return Response(content, media_type=kind, headers=headers)

    return static
