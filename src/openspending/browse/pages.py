"""The pages as routes: the list of datasets, one owner's datasets, a dataset, and their style sheet.

They work without scripts. What publishers wrote is shown as text: it is escaped, and a Content-Security-Policy allows
nothing but our own style sheet.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from openspending.browse.dataset import dataset_page
from openspending.browse.listing import listing_page
from openspending.client import Client
from openspending.errors import NotFound
from openspending.web import AnyRequest, note

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=60",
}
STYLE: Final = files("openspending.browse") / "static" / "openspending.css"
TEMPLATES: Final = Environment(
    loader=PackageLoader("openspending.browse"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def routes(client: Client, build: str) -> list[HTTPRouteHandler]:
    """The pages' route handlers. `build` names the build whose derived files the pages link to."""
    errors: dict[int | type[Exception], Any] = {NotFound: _not_found}

    @get("/", include_in_schema=False)
    async def front(page: FromQuery[int] = 1) -> Response[bytes]:
        return _html("datasets.html", page=await listing_page(client, None, page))

    @get("/{owner:str}", include_in_schema=False, exception_handlers=errors)
    async def owners(owner: FromPath[str], page: FromQuery[int] = 1) -> Response[bytes]:
        return _html("datasets.html", page=await listing_page(client, owner, page))

    @get("/{owner:str}/{name:str}", include_in_schema=False, exception_handlers=errors)
    async def dataset(request: AnyRequest, owner: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        asked = {key: str(value) for key, value in request.query_params.multi_items()}
        page = await dataset_page(client, owner, name, asked=asked, build=build)
        note(request.scope, dataset=f"{owner}/{name}")
        return _html("dataset.html", page=page)

    @get("/static/openspending.css", include_in_schema=False, sync_to_thread=False)
    def style() -> Response[bytes]:
        headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(STYLE.read_bytes(), media_type="text/css", headers=headers)

    return [front, owners, dataset, style]


def _html(template: str, status: int = 200, **words: Any) -> Response[bytes]:
    text = TEMPLATES.get_template(template).render(**words)
    return Response(text.encode(), status_code=status, media_type="text/html", headers=HEADERS)


def _not_found(request: AnyRequest, error: NotFound) -> Response[bytes]:
    return _html("not_found.html", status=404, path=request.url.path, reason=str(error))
