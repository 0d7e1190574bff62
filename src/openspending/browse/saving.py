"""The pages of saved views, `/q/{id}`, and the form that saves one. It is for public datasets, and saves as nobody."""

from __future__ import annotations

from typing import Final

from litestar import Response, post, route
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from openspending.browse import languages
from openspending.browse.answering import shared, unlisted
from openspending.browse.rendering import html
from openspending.browse.saved import saved_page
from openspending.browse.signedin.acting import form_of
from openspending.browse.visitors import READ, asking_for, base, speaking
from openspending.client import ApiError, Client
from openspending.web import CLOSED, AnyRequest, note

LARGEST: Final = 16 * 1024  # bytes of the form
_FIELDS: Final = ("dataset", "version", "view")


def routes(client: Client) -> list[HTTPRouteHandler]:
    """The route handlers."""
    common = shared()

    @route("/q/{view:str}", http_method=READ, **common)
    async def saved(request: AnyRequest, view: FromPath[str]) -> Response[bytes]:
        found = await saved_page(asking_for(request, client), view, base(request))
        if not found.page.private:
            note(request.scope, dataset=found.page.place.dataset)
        return unlisted(html(request, "saved.html", page=found.page, saved=found))

    @post("/q", status_code=303, **common)
    async def save(request: AnyRequest) -> Response[bytes]:
        form = dict(await form_of(request, LARGEST))
        wanted = {name: form.get(name, "") for name in _FIELDS}
        try:
            made = await client.asking_for(_whence(request)).change("POST", "/v1/views", wanted)
        except ApiError as refusal:
            return html(request, "unsaved.html", refusal.status, said=refusal.detail)
        address = languages.link(str(made["url"]), request.query_params.get("lang", ""))
        headers = {"Location": address, "Cache-Control": CLOSED}
        return Response(b"", status_code=303, media_type="text/html", headers=headers)

    return [saved, save]


def _whence(request: AnyRequest) -> dict[str, str]:
    """The headers by which the API can tell one client from another, as it could if they asked themselves."""
    given = {name: request.headers.get(name, "") for name in ("user-agent", "x-forwarded-for")}
    address = request.client.host if request.client else ""
    given["x-forwarded-for"] = given["x-forwarded-for"] or address
    return {name: value for name, value in given.items() if value} | speaking(request)
