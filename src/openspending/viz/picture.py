"""`/og/{owner}/{name}.png?…`: the picture that previews of links show: title, total, the largest amounts, exactly."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from litestar import Response, route
from litestar.concurrency import sync_to_thread
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from openspending.browse import languages
from openspending.browse.languages import gettext as _
from openspending.browse.viewer import viewer_page
from openspending.browse.viewer.page import ViewPage
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.rows import Row
from openspending.browse.viewroutes import given
from openspending.browse.visitors import READ, base
from openspending.client import Client
from openspending.errors import NotFound
from openspending.viz.drawing import drawable, fitting, lines, png
from openspending.viz.embedding import as_nobody, templates
from openspending.web import AnyRequest, names_etag

WIDTH: Final = 1200
HEIGHT: Final = 630
_ENDING: Final = ".png"
_BARS: Final = 5
_STEP: Final = 52  # pixels from bar to bar
_LEFT: Final = 510  # where bars begin
_RIGHT: Final = 1140  # where amounts end
_BAR: Final = 340  # … of the longest
_LABEL: Final = 430  # … of a label
_TEMPLATES: Final = templates()


@dataclass(frozen=True, slots=True)
class Bar:
    """A member's line: how long its bar is in pixels, and where the line stands."""

    label: str
    amount: str
    length: str
    negative: bool
    top: int


def handlers(client: Client) -> list[HTTPRouteHandler]:
    """The route."""

    @route("/og/{owner:str}/{file:str}", http_method=READ)
    async def picture(request: AnyRequest, owner: FromPath[str], file: FromPath[str]) -> Response[bytes]:
        if not file.endswith(_ENDING):
            raise NotFound("There is no such picture.")
        place = Place.read(owner, file.removesuffix(_ENDING))
        page = await viewer_page(as_nobody(request, client), place, given(request), base(request))
        if page.wrong:
            raise NotFound("The dataset has no such view.")
        svg = drawn(page)
        etag = f'"{hashlib.sha256(svg.encode()).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": f"public, max-age={86400 if place.version else 3600}"}
        headers |= {"Vary": "Accept-Language", "Content-Language": languages.current(), "X-Robots-Tag": "noindex"}
        headers |= {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "cross-origin"}
        if names_etag(request.headers.get("if-none-match"), etag):
            return Response(b"", status_code=304, headers=headers)
        return Response(await sync_to_thread(png, svg), media_type="image/png", headers=headers)

    return [picture]


def picture_address(page: ViewPage, place: Place) -> str:
    """Where the picture of a page's view is."""
    query = page.view.query()
    return f"/og{place.page}{_ENDING}" + (f"?{query}" if query else "")


def drawn(page: ViewPage) -> str:
    """The picture as SVG."""
    table = page.table
    title = lines(_clean(page.title if drawable(page.title) else page.place.dataset), 50, WIDTH - 120, 2)
    top = 160 + 60 * len(title)
    total = _clean(f"{table.whole[0]} {table.currency}".strip()) if table and table.whole else ""
    rows = [one for one in (table.rows if table else ()) if len(one.amounts) == 1 and total]
    shown = rows[: min(_BARS, (HEIGHT - top - 190) // _STEP + 1)]
    room = min(_BAR, _RIGHT - _LEFT - 30 - 14 * max((len(one.amounts[0]) for one in shown), default=0))
    revision = _("Revision %(number)s") % {"number": page.about["revision"]}
    source = " · ".join(one for one in (page.place.dataset, revision, page.licence) if one)
    return _TEMPLATES.get_template("picture.svg").render(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=top,
        title=title,
        heading=fitting(_clean(page.heading), 28, WIDTH - 120) if drawable(page.heading) else "",
        total=total,
        large=min(60, 1700 // max(1, len(total))),
        bars=[_bar(row, max(0, room), top + 130 + _STEP * at) for at, row in enumerate(shown)],
        source=fitting(_clean(source), 22, WIDTH - 120) if drawable(source) else revision,
    )


def _bar(row: Row, room: int, top: int) -> Bar:
    label = row.label if drawable(row.label) else row.code or "…"
    length = f"{Decimal(row.width or 0) * room / 100:.1f}"
    return Bar(fitting(_clean(label), 24, _LABEL), row.amounts[0], length, row.negative, top)


def _clean(text: str) -> str:
    """A text without what no XML may have."""
    return "".join(one if unicodedata.category(one) not in {"Cc", "Cs", "Cn", "Co"} else " " for one in text)
