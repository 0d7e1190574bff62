"""The visitor of a page: as whom the APIs are asked for it, and how a browser gets a new access token."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from litestar import HttpMethod, Response

from openspending.browse import languages
from openspending.client import Client
from openspending.web import CLOSED, AnyRequest

READ: Final = (HttpMethod.GET, HttpMethod.HEAD)  # how pages are asked for
SESSION_COOKIE: Final = "os_session"
BASE: Final = "base"  # which option of routes has the address of this OpenSpending
RESUME: Final = "/v1/identity/resume"
ACCESS_COOKIES: Final = "os_access"  # how the names of the cookies begin in which browsers have their access token


def asking_for(request: AnyRequest, client: Client) -> Client:
    """The client that asks for the visitor."""
    return client.asking_for({**told(request), **speaking(request)})


def speaking(request: AnyRequest) -> dict[str, str]:
    """With what the visitor came, and in which language the APIs are to tell what the page says."""
    agent = request.headers.get("user-agent")
    return {"Accept-Language": languages.chosen(request.scope), **({"User-Agent": agent} if agent else {})}


def resuming(request: AnyRequest) -> Response[bytes] | None:
    """Where a browser gets a new access token that has none and a session still; back it comes by itself."""
    if SESSION_COOKIE not in request.cookies or told(request):
        return None
    headers = {"Cache-Control": CLOSED, "Location": f"{RESUME}?next={quote(whole(request), safe='')}"}
    return Response(b"", status_code=303, media_type="text/html", headers=headers)


def here(request: AnyRequest) -> str:
    """The path of the request, which no browser can take for another site's."""
    return "/" + request.scope["raw_path"].decode("latin-1").partition("?")[0].lstrip("/")


def base(request: AnyRequest) -> str:
    """The address of this OpenSpending: as its settings have it, or else as the visitor knows it."""
    handler = request.scope.get("route_handler")  # none where no route has the address
    known = handler.opt.get(BASE) if handler is not None else ""
    return str(known or request.base_url).rstrip("/")


def whole(request: AnyRequest) -> str:
    """The path of the request with what it asks."""
    query = request.scope["query_string"].decode("latin-1")
    return here(request) + (f"?{query}" if query else "")


def told(request: AnyRequest) -> dict[str, str]:
    """What the visitor's request says of who they are: a header, or a browser's access cookies. Nothing for nobody."""
    given = request.headers.get("authorization")
    if given is not None:
        return {"Authorization": given}
    cookies = [f"{name}={value}" for name, value in request.cookies.items() if name.startswith(ACCESS_COOKIES)]
    return {"Cookie": "; ".join(cookies)} if cookies else {}
