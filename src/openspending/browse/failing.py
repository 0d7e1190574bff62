"""What readers see of a page that cannot be made: a page that says so. Programs, which ask for no HTML or for a path of
the APIs, get the problem as the APIs tell it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from jinja2 import TemplateError
from litestar import Response
from litestar.exceptions import HTTPException

from openspending import web
from openspending.browse import languages
from openspending.browse.languages import gettext as _
from openspending.browse.rendering import html
from openspending.client import Told
from openspending.errors import OpenSpendingError

_KEPT: Final = ("retry-after", "www-authenticate", "allow", "location")
_NOT_FOUND: Final = 404
_OURS: Final = 500
_PROGRAMS: Final = (*web.OPEN_PATHS, "/metrics")

_log: Final = logging.getLogger("openspending")

Tell = Callable[[web.AnyRequest, Any], Response[Any]]


def page_of(tell: Tell) -> Tell:
    """A handler that makes a page of the problem that `tell` tells."""

    def handler(request: web.AnyRequest, error: Exception) -> Response[Any]:
        told = tell(request, error)
        if "text/html" not in request.headers.get("accept", "") or request.scope["path"].startswith(_PROGRAMS):
            return told
        kept = {name.lower(): value for name, value in told.headers.items() if name.lower() in _KEPT}
        try:
            page = _page(request, told, kept.get("retry-after", ""))
        except TemplateError:
            _log.exception("the page that tells of a problem cannot be made")
            return told
        for name, value in kept.items():
            page.set_header(name, value)
        page.set_header("Cache-Control", web.CLOSED)
        return page

    return handler


def words_of(path: str) -> str:
    """What a person may have looked for at a path, as words to search for."""
    return " ".join(one.lstrip("-") for one in path.split("/") if one)[:100]


def _page(request: web.AnyRequest, told: Response[Any], seconds: str) -> Response[bytes]:
    status = int(told.status_code or _OURS)
    if status == _NOT_FOUND:
        path = request.scope["path"]
        return html(request, "not_found.html", status, path=path, sought=words_of(path), withdrawn=None)
    languages.speak(languages.chosen(request.scope))
    said, language = json.loads(told.content), told.headers.get("Content-Language", languages.ENGLISH)
    return html(
        request,
        "failed.html",
        status,
        kindly=_kindly(status, seconds),
        # the detail of a fault of ours is only its number again
        detail="" if status == _OURS else Told(str(said.get("detail", "")), language),
        number=web.request_id(request.scope) if status >= _OURS else "",
    )


def _kindly(status: int, seconds: str) -> str:
    """What a status means to a reader; "" for those that only the detail explains."""
    known = {
        405: _("Nothing can be sent to this address."),
        429: _("That was asked for too often."),
        500: _("Something went wrong here. It is not your fault, and trying again may help."),
        503: _("A part of this OpenSpending does not answer just now. It may work again in a minute."),
    }
    said = known.get(status, "")
    if status in {429, 503} and seconds.isdecimal():
        wait = _("Wait %(seconds)s seconds, then try again.") % {"seconds": seconds}
        return f"{said} {wait}"
    return said


HANDLERS: Final[Mapping[int | type[Exception], Tell]] = {
    OpenSpendingError: page_of(web.domain_problem),
    HTTPException: page_of(web.http_problem),
    Exception: page_of(web.unexpected),
}
