"""The pages as routes: the list of datasets, one owner's datasets, a dataset, a fact, what a search finds.

They work without scripts. What publishers wrote is shown as text: it is escaped, and a Content-Security-Policy allows
nothing but our own style sheet.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from openspending.browse import built, fresh, viewroutes
from openspending.browse.answering import shared, unlisted
from openspending.browse.dataset import dataset_page
from openspending.browse.fact import fact_page
from openspending.browse.listing import front_page, owner_page
from openspending.browse.rendering import html
from openspending.browse.searchpage import search_page
from openspending.browse.sheets import sheet
from openspending.browse.sought import Sought
from openspending.browse.viewer.place import Place
from openspending.browse.visitors import READ, asking_for, base, told
from openspending.client import Client
from openspending.web import AnyRequest, note

STATIC: Final = tuple(
    files("openspending.browse") / "static" / name for name in ("openspending.css", "views.css", "icon.svg")
)


def routes(client: Client) -> list[HTTPRouteHandler]:
    """The pages' route handlers.

    Pages are made of what the API tells the visitor, whose token is passed on: whoever may read a private dataset sees
    its page. Such pages are kept nowhere.
    """
    common = shared()

    @route("/", http_method=READ, **common)
    async def front(request: AnyRequest) -> Response[bytes]:
        return html(
            request, "front.html", page=await front_page(asking_for(request, client), known=bool(told(request)))
        )

    @route("/{owner:str}", http_method=READ, **common)
    async def owners(request: AnyRequest, owner: FromPath[str], cursor: FromQuery[str] = "") -> Response[bytes]:
        page = await owner_page(asking_for(request, client), owner, cursor, known=bool(told(request)))
        return html(request, "datasets.html", page=page)

    @route("/{owner:str}/{name:str}", http_method=READ, **common)
    async def dataset(request: AnyRequest, owner: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        asked = {key: str(value) for key, value in request.query_params.multi_items()}
        place, asking = Place.read(owner, name), asking_for(request, client)
        states = fresh.of_dataset(place)
        same = await fresh.unchanged(request, asking, states)
        if same is not None:
            note(request.scope, dataset=place.dataset)
            return same
        page = await dataset_page(asking, place, asked=asked, base=base(request))
        if not page.private:
            note(request.scope, dataset=place.dataset)
        answer = html(request, "dataset.html", page=page)
        return fresh.tagged(request, answer, asking, states) if page.whole else answer

    return [front, owners, dataset, *_found(client), *viewroutes.routes(client), *map(sheet, STATIC), built.handler()]


def _found(client: Client) -> list[HTTPRouteHandler]:
    """The pages of which there are as many as questions and facts: search, and one fact."""
    common = shared()

    @route("/search", http_method=READ, **common)
    async def search(request: AnyRequest) -> Response[bytes]:
        sought = Sought.read(request.query_params.multi_items())
        page = await search_page(asking_for(request, client), sought, known=bool(told(request)))
        return unlisted(html(request, "search.html", status=400 if page.refused else 200, page=page))

    @route("/{owner:str}/{name:str}/facts/{rid:str}", http_method=READ, **common)
    async def fact(
        request: AnyRequest, owner: FromPath[str], name: FromPath[str], rid: FromPath[str]
    ) -> Response[bytes]:
        asked = request.query_params.get("revision", "")
        page = await fact_page(asking_for(request, client), owner, name, rid, asked)
        if not page.private:
            note(request.scope, dataset=f"{owner}/{name}")
        return unlisted(html(request, "fact.html", page=page))

    return [search, fact]
