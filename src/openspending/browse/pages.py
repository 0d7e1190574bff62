"""The pages as routes: the list of datasets, one owner's datasets, a dataset, a fact, what a search finds.

They work without scripts. What publishers wrote is shown as text: it is escaped, and a Content-Security-Policy allows
nothing but our own style sheet.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

from litestar import Response, get
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from openspending.browse import built
from openspending.browse.dataset import dataset_page
from openspending.browse.fact import fact_page
from openspending.browse.listing import listing_page
from openspending.browse.rendering import HEADERS, html
from openspending.browse.searchpage import search_page
from openspending.browse.sought import Sought
from openspending.browse.visitors import ACCESS_COOKIES, asking_for, here, resuming, told
from openspending.client import Client
from openspending.errors import NotFound, Renamed, Unauthorised, Withdrawn
from openspending.web import CLOSED, AnyRequest, domain_problem, note

STATIC: Final = files("openspending.browse") / "static"
STYLE: Final = STATIC / "openspending.css"
ICON: Final = STATIC / "icon.svg"


def routes(client: Client, build: str) -> list[HTTPRouteHandler]:
    """The pages' route handlers. `build` names the build whose derived files the pages link to.

    Pages are made of what the API tells the visitor, whose token is passed on: whoever may read a private dataset sees
    its page. Such pages are kept nowhere.
    """
    shared = _shared()

    @get("/", **shared)
    async def front(request: AnyRequest, page: FromQuery[int] = 1) -> Response[bytes]:
        return html(request, "datasets.html", page=await listing_page(asking_for(request, client), None, page))

    @get("/{owner:str}", **shared)
    async def owners(request: AnyRequest, owner: FromPath[str], page: FromQuery[int] = 1) -> Response[bytes]:
        return html(request, "datasets.html", page=await listing_page(asking_for(request, client), owner, page))

    @get("/{owner:str}/{name:str}", **shared)
    async def dataset(request: AnyRequest, owner: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        asked = {key: str(value) for key, value in request.query_params.multi_items()}
        page = await dataset_page(asking_for(request, client), owner, name, asked=asked, build=build)
        if not page.private:
            note(request.scope, dataset=f"{owner}/{name}")
        return html(request, "dataset.html", page=page)

    @get("/static/openspending.css", include_in_schema=False, sync_to_thread=False)
    def style() -> Response[bytes]:
        headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(STYLE.read_bytes(), media_type="text/css", headers=headers)

    @get("/static/icon.svg", include_in_schema=False, sync_to_thread=False)
    def icon() -> Response[bytes]:
        return Response(
            ICON.read_bytes(), media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
        )

    return [front, owners, dataset, *_found(client), style, icon, built.route()]


def _found(client: Client) -> list[HTTPRouteHandler]:
    """The pages of which there are as many as questions and facts: search, and one fact."""
    shared = _shared()

    @get("/search", **shared)
    async def search(request: AnyRequest) -> Response[bytes]:
        sought = Sought.read(request.query_params.multi_items())
        page = await search_page(asking_for(request, client), sought, known=bool(told(request)))
        return _unlisted(html(request, "search.html", status=400 if page.refused else 200, page=page))

    @get("/{owner:str}/{name:str}/facts/{rid:str}", **shared)
    async def fact(
        request: AnyRequest, owner: FromPath[str], name: FromPath[str], rid: FromPath[str]
    ) -> Response[bytes]:
        asked = request.query_params.get("revision", "")
        page = await fact_page(asking_for(request, client), owner, name, rid, asked)
        if not page.private:
            note(request.scope, dataset=f"{owner}/{name}")
        return _unlisted(html(request, "fact.html", page=page))

    return [search, fact]


def _shared() -> dict[str, Any]:
    errors: dict[int | type[Exception], Any] = {NotFound: _not_found, Unauthorised: _signed_out}
    return {"include_in_schema": False, "exception_handlers": errors}


def _unlisted(answer: Response[bytes]) -> Response[bytes]:
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
    return again or html(request, "not_found.html", status=status, path=request.url.path, withdrawn=withdrawn)


def _signed_out(request: AnyRequest, error: Unauthorised) -> Response[bytes]:
    """The same page as nobody, where the token in a browser's cookies has ended."""
    cookies = [name for name in request.cookies if name.startswith(ACCESS_COOKIES)]
    if not cookies:
        return domain_problem(request, error)
    gone = [Cookie(key=name, value="", path="/", max_age=0, httponly=True, samesite="lax") for name in cookies]
    headers = {"Cache-Control": CLOSED, "Location": here(request)}
    return Response(b"", status_code=303, media_type="text/html", headers=headers, cookies=gone)
