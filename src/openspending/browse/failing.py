"""What readers see of a page that cannot be made: a page that says so. Programs, which ask for no HTML, get the problem
as the APIs tell it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from litestar import Response
from litestar.exceptions import HTTPException

from openspending import web
from openspending.browse.rendering import html
from openspending.errors import OpenSpendingError

_KEPT: Final = ("retry-after", "www-authenticate", "allow", "location")
_NOW: Final = (429, 503)  # what may be otherwise in a minute

Tell = Callable[[web.AnyRequest, Any], Response[Any]]


def _page_of(tell: Tell) -> Tell:
    """A handler that makes a page of the problem that `tell` tells."""

    def handler(request: web.AnyRequest, error: Exception) -> Response[Any]:
        told = tell(request, error)
        if "text/html" not in request.headers.get("accept", ""):
            return told
        said = json.loads(told.content)
        status = int(told.status_code or 500)
        page = html(request, "failed.html", status=status, detail=said.get("detail", ""), later=status in _NOW)
        for name, value in told.headers.items():
            if name.lower() in _KEPT:
                page.set_header(name, value)
        page.set_header("Cache-Control", web.CLOSED)
        return page

    return handler


HANDLERS: Final[Mapping[int | type[Exception], Tell]] = {
    OpenSpendingError: _page_of(web.domain_problem),
    HTTPException: _page_of(web.http_problem),
    Exception: _page_of(web.unexpected),
}
