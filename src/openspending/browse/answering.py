"""What all routes of pages share: the pages for what is not here."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.datastructures import Cookie

from openspending.browse.failing import words_of
from openspending.browse.rendering import HEADERS, html
from openspending.browse.visitors import ACCESS_COOKIES, here, resuming
from openspending.errors import NotFound, Renamed, Unauthorised, Withdrawn
from openspending.web import CLOSED, AnyRequest, domain_problem


def shared() -> dict[str, Any]:
    """What every route of a page is made with."""
    errors: dict[int | type[Exception], Any] = {NotFound: _not_found, Unauthorised: _signed_out}
    return {"include_in_schema": False, "exception_handlers": errors}


def unlisted(answer: Response[bytes]) -> Response[bytes]:
    """The page kept out of other search engines: there are as many of its kind as there are questions, or facts."""
    answer.set_header("X-Robots-Tag", "noindex, nofollow")
    return answer


def _not_found(request: AnyRequest, error: NotFound) -> Response[bytes]:
    """The page for what is not here: not at all, not any more, not under this name; or not for nobody, which the
    visitor of a moment ago was not."""
    if isinstance(error, Renamed):
        address = f"/{quote(error.owner, safe='@+')}/{quote(error.name)}"
        return Response(b"", status_code=308, headers={**HEADERS, "Location": address}, media_type="text/html")
    withdrawn = error if isinstance(error, Withdrawn) else None
    status = 404 if withdrawn is None else 410
    again = resuming(request) if withdrawn is None else None
    return again or html(
        request,
        "not_found.html",
        status=status,
        path=request.url.path,
        sought=words_of(request.url.path),
        withdrawn=withdrawn,
    )


def _signed_out(request: AnyRequest, error: Unauthorised) -> Response[bytes]:
    """The same page as nobody, where the token in a browser's cookies has ended."""
    cookies = [name for name in request.cookies if name.startswith(ACCESS_COOKIES)]
    if not cookies:
        return domain_problem(request, error)
    gone = [Cookie(key=name, value="", path="/", max_age=0, httponly=True, samesite="lax") for name in cookies]
    headers = {"Cache-Control": CLOSED, "Location": here(request)}
    return Response(b"", status_code=303, media_type="text/html", headers=headers, cookies=gone)
