"""The pages of what a dataset is made of: its views. There are as many as there are questions."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from openspending.browse import saving
from openspending.browse.answering import shared, unlisted
from openspending.browse.rendering import html
from openspending.browse.viewer import viewer_page
from openspending.browse.viewer.place import Place
from openspending.browse.visitors import asking_for, base
from openspending.client import Client
from openspending.web import AnyRequest, note


def routes(client: Client) -> list[HTTPRouteHandler]:
    """The route handlers."""
    common = shared()

    @get("/{owner:str}/{name:str}/view", **common)
    async def view(request: AnyRequest, owner: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        place = Place.read(owner, name)
        page = await viewer_page(asking_for(request, client), place, given(request), base(request))
        if not page.private:
            note(request.scope, dataset=place.dataset)
        status = 400 if page.wrong else 200
        return unlisted(html(request, "view.html", status=status, page=page))

    return [view, *saving.routes(client)]


def given(request: AnyRequest) -> Mapping[str, list[str]]:
    """The parameters of an address, each with all its values."""
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        found.setdefault(name, []).append(str(value))
    return found
