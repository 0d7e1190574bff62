"""The pages as routes: the list of datasets, one owner's datasets, a dataset, and their style sheet.

They work without scripts. What publishers wrote is shown as text: it is escaped, and a Content-Security-Policy allows
nothing but our own style sheet.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response, get
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from openspending.browse.dataset import dataset_page
from openspending.browse.listing import listing_page
from openspending.client import Client
from openspending.errors import NotFound, Renamed, Unauthorised, Withdrawn
from openspending.web import CLOSED, AnyRequest, note

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=60",
    "Vary": "Authorization, Cookie",
}
ACCESS_COOKIE: Final = "os_access"  # where browsers have their access token
STYLE: Final = files("openspending.browse") / "static" / "openspending.css"
TEMPLATES: Final = Environment(
    loader=PackageLoader("openspending.browse"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def routes(client: Client, build: str) -> list[HTTPRouteHandler]:
    """The pages' route handlers. `build` names the build whose derived files the pages link to.

    Pages are made of what the API tells the visitor, whose token is passed on: whoever may read a private dataset sees
    its page. Such pages are kept nowhere.
    """
    errors: dict[int | type[Exception], Any] = {NotFound: _not_found, Unauthorised: _signed_out}

    @get("/", include_in_schema=False, exception_handlers=errors)
    async def front(request: AnyRequest, page: FromQuery[int] = 1) -> Response[bytes]:
        return _html(request, "datasets.html", page=await listing_page(_for(request, client), None, page))

    @get("/{owner:str}", include_in_schema=False, exception_handlers=errors)
    async def owners(request: AnyRequest, owner: FromPath[str], page: FromQuery[int] = 1) -> Response[bytes]:
        return _html(request, "datasets.html", page=await listing_page(_for(request, client), owner, page))

    @get("/{owner:str}/{name:str}", include_in_schema=False, exception_handlers=errors)
    async def dataset(request: AnyRequest, owner: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        asked = {key: str(value) for key, value in request.query_params.multi_items()}
        page = await dataset_page(_for(request, client), owner, name, asked=asked, build=build)
        note(request.scope, dataset=f"{owner}/{name}")
        return _html(request, "dataset.html", page=page)

    @get("/static/openspending.css", include_in_schema=False, sync_to_thread=False)
    def style() -> Response[bytes]:
        headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(STYLE.read_bytes(), media_type="text/css", headers=headers)

    return [front, owners, dataset, style]


def _for(request: AnyRequest, client: Client) -> Client:
    """The client that asks for the visitor."""
    return client.asking_for(_token(request), request.headers.get("user-agent", ""))


def _token(request: AnyRequest) -> str | None:
    """The visitor's access token; a browser has it in a cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.cookies.get(ACCESS_COOKIE)


def _html(request: AnyRequest, template: str, status: int = 200, **words: Any) -> Response[bytes]:
    text = TEMPLATES.get_template(template).render(**words)
    headers = HEADERS if _token(request) is None else {**HEADERS, "Cache-Control": CLOSED}
    return Response(text.encode(), status_code=status, media_type="text/html", headers=headers)


def _not_found(request: AnyRequest, error: NotFound) -> Response[bytes]:
    """The page for what is not here: not at all, not any more, or not under this name."""
    if isinstance(error, Renamed):
        address = f"/{quote(error.owner, safe='@+')}/{quote(error.name)}"
        return Response(b"", status_code=308, headers={**HEADERS, "Location": address}, media_type="text/html")
    withdrawn = error if isinstance(error, Withdrawn) else None
    status = 404 if withdrawn is None else 410
    return _html(request, "not_found.html", status=status, path=request.url.path, withdrawn=withdrawn)


def _signed_out(request: AnyRequest, _: Unauthorised) -> Response[bytes]:
    """The same page as nobody, where the visitor's token has ended."""
    headers = {"Cache-Control": CLOSED, "Location": request.url.path}
    gone = Cookie(key=ACCESS_COOKIE, value="", path="/", max_age=0, httponly=True, samesite="lax")
    return Response(b"", status_code=303, media_type="text/html", headers=headers, cookies=[gone])
