"""`/embed/{owner}/{name}?…`: one chart as a page for frames of other sites, with its table where no script runs."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader
from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from openspending.browse import built, languages, locales
from openspending.browse.rendering import TEMPLATES, sent
from openspending.browse.sheets import sheet
from openspending.browse.viewer import viewer_page
from openspending.browse.viewer.page import ViewPage
from openspending.browse.viewer.place import Place
from openspending.browse.viewroutes import given
from openspending.browse.visitors import READ, base, speaking, whole
from openspending.client import Client
from openspending.errors import NotFound, OpenSpendingError, Renamed
from openspending.web import AnyRequest, note

HEADERS: Final = {
    # framed by anybody: there is nothing on it that a click could do to somebody
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-cache",  # kept, and asked for again each time
    "Vary": "Accept-Language",
}
STYLE: Final = files("openspending.viz") / "static" / "embed.css"
_OWN: Final = PackageLoader("openspending.viz")


def templates() -> Environment:
    """Our templates, beside those of the pages."""
    loaders = [_OWN, TEMPLATES.loader] if TEMPLATES.loader else [_OWN]
    return TEMPLATES.overlay(loader=ChoiceLoader(loaders))


_TEMPLATES: Final = templates()


def handlers(client: Client) -> list[HTTPRouteHandler]:
    """The page, and its style."""
    errors: Any = {NotFound: _not_found, OpenSpendingError: _silent}

    @route("/embed/{owner:str}/{name:str}", http_method=READ, exception_handlers=errors)
    async def embed(request: AnyRequest, owner: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        place = Place.read(owner, name)
        page = await viewer_page(as_nobody(request, client), place, given(request), base(request))
        note(request.scope, dataset=place.dataset)
        return _framed(request, 400 if page.wrong else 200, page.view.theme, page=page)

    return [embed, sheet(STYLE)]


def as_nobody(request: AnyRequest, client: Client) -> Client:
    """The client that asks for nobody in particular, with whatever program the request came from."""
    return client.asking_for(speaking(request))


def embed_address(page: ViewPage, place: Place) -> str:
    """Where the view of a page is to be had for frames."""
    query = page.view.query()
    return f"/embed{place.page}" + (f"?{query}" if query else "")


def _framed(request: AnyRequest, status: int, theme: str = "", **words: Any) -> Response[bytes]:
    shared = {
        "language": languages.current(),
        "direction": locales.direction(),
        "theme": theme or "auto",
        "built": built.address,
        "parts": built.parts,
        "base": base(request),
        "page": None,
        "link": str,
        "message": "",
    }
    text = _TEMPLATES.get_template("embed.html").render({**shared, **words})
    headers = {**HEADERS, "Content-Language": languages.current()}
    return sent(request, text.encode(), status, headers)


def _not_found(request: AnyRequest, error: NotFound) -> Response[bytes]:
    """A word in the place of a chart; where the dataset has another name, its chart is there."""
    if isinstance(error, Renamed):
        _, _, query = whole(request).partition("?")
        new = f"/embed/{quote(error.owner, safe='@+')}/{quote(error.name)}" + (f"?{query}" if query else "")
        return Response(b"", status_code=308, headers={**HEADERS, "Location": new}, media_type="text/html")
    return _framed(request, 404, message=languages.gettext("There is no such dataset here any more."))


def _silent(request: AnyRequest, _: OpenSpendingError) -> Response[bytes]:
    """A word in the place of a chart whose figures cannot be had."""
    answer = _framed(
        request, 503, message=languages.gettext("The figures cannot be had just now. Please try again later.")
    )
    answer.set_header("Cache-Control", "no-store")
    return answer
