"""The pages of what a dataset is made of: its views and members. There are as many as there are questions."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from openspending.browse import fresh, saving
from openspending.browse.answering import shared, unlisted
from openspending.browse.member import member_page
from openspending.browse.rendering import html
from openspending.browse.viewer import viewer_page
from openspending.browse.viewer.place import Place
from openspending.browse.visitors import READ, asking_for, base, told
from openspending.client import Client
from openspending.web import AnyRequest, note


def routes(client: Client) -> list[HTTPRouteHandler]:
    """The route handlers."""
    common = shared()

    @route("/{owner:str}/{name:str}/view", http_method=READ, **common)
    async def view(request: AnyRequest, owner: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        place, asking = Place.read(owner, name), asking_for(request, client)
        states = fresh.of_view(place)
        same = await fresh.unchanged(request, asking, states)
        if same is not None:
            note(request.scope, dataset=place.dataset)
            return unlisted(same)
        page = await viewer_page(asking, place, given(request), base(request))
        if not page.private:
            note(request.scope, dataset=place.dataset)
        status = 400 if page.wrong else 200
        answer = unlisted(html(request, "view.html", status=status, page=page))
        return fresh.tagged(request, answer, asking, states) if page.table and page.lines else answer

    @route("/{owner:str}/{name:str}/members/{ref:str}/{code:path}", http_method=READ, **common)
    async def member(
        request: AnyRequest, owner: FromPath[str], name: FromPath[str], ref: FromPath[str]
    ) -> Response[bytes]:
        place, known = Place.read(owner, name), bool(told(request))
        page = await member_page(asking_for(request, client), place, ref, _code(request), base(request), known=known)
        if not page.private:
            note(request.scope, dataset=place.dataset)
        return unlisted(html(request, "member.html", page=page))

    return [view, member, *saving.routes(client)]


def _code(request: AnyRequest) -> str:
    """The code of a member as its address has it; it may have slashes."""
    raw = request.scope["raw_path"].decode("latin-1").partition("?")[0]
    return unquote("/".join(raw.split("/")[5:]))


def given(request: AnyRequest) -> Mapping[str, list[str]]:
    """The parameters of an address, each with all its values."""
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        found.setdefault(name, []).append(str(value))
    return found
