"""`/oembed`: how a link of ours is to be shown in other sites' pages (oEmbed 1.0, https://oembed.com)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from markupsafe import Markup

from openspending import asking
from openspending.browse import languages
from openspending.browse.viewer import viewer_page
from openspending.browse.visitors import READ, base
from openspending.client import Client
from openspending.errors import BadQuery, NotFound
from openspending.viz.embedding import as_nobody, embed_address
from openspending.viz.links import Shown, shown_by
from openspending.viz.picture import HEIGHT as PICTURE_HEIGHT
from openspending.viz.picture import WIDTH as PICTURE_WIDTH
from openspending.viz.picture import picture_address
from openspending.web import AnyRequest, to_json

PARAMETERS: Final = ("url", "format", "maxwidth", "maxheight", "lang")
WIDTH: Final = 800
HEIGHT: Final = 680
KEPT: Final = 3600  # seconds
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,4}")
_FORMATS: Final = ("json", "xml")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a site asks for: how a link is shown, in at most so many pixels."""

    url: str
    format: str
    width: int
    height: int
    most: tuple[int, int]


def handlers(client: Client) -> list[HTTPRouteHandler]:
    """The route."""

    @route("/oembed", http_method=READ)
    async def oembed(request: AnyRequest) -> Response[bytes]:
        wish = _wish(asking.asked(request, PARAMETERS))
        if wish.format not in _FORMATS:
            return Response(b"", status_code=501, media_type="text/plain")
        asker, here = as_nobody(request, client), base(request)
        found = await _answer(asker, await shown_by(asker, wish.url, here), wish, here)
        headers = {"Cache-Control": f"public, max-age={KEPT}", "Content-Language": languages.current()}
        headers |= {"Vary": "Accept-Language", "X-Content-Type-Options": "nosniff"}
        if wish.format == "xml":
            return Response(_xml(found), media_type="text/xml", headers=headers)
        return Response(to_json(found), media_type="application/json", headers=headers)

    return [oembed]


def _wish(values: Mapping[str, str]) -> Wish:
    """Raises BadQuery."""
    if not values.get("url"):
        raise BadQuery("The parameter “url” is missing: a link to a page of ours.", parameter="url")
    width, height = (_most(values, name) for name in ("maxwidth", "maxheight"))
    return Wish(values["url"], values.get("format") or "json", min(WIDTH, width), min(HEIGHT, height), (width, height))


def _most(values: Mapping[str, str], name: str) -> int:
    text = values.get(name, "")
    if text and not _NUMBER.fullmatch(text):
        raise BadQuery(f"“{text[:20]}” is no number of pixels.", parameter=name)
    return int(text or 99999)


async def _answer(client: Client, shown: Shown, wish: Wish, here: str) -> dict[str, Any]:
    """Raises NotFound also for a view that the dataset does not have."""
    page = await viewer_page(client, shown.place, shown.asked, here)
    if page.wrong:
        raise NotFound("The dataset has no such view.")
    title = f"{page.heading} · {page.title}"
    frame = Markup('<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" allowfullscreen></iframe>')
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": page.place.owner,
        "author_url": f"{here}/{page.place.owner}",
        "provider_name": "OpenSpending",
        "provider_url": f"{here}/",
        "cache_age": KEPT,
        "html": str(frame.format(here + embed_address(page, shown.place), wish.width, wish.height, title)),
        "width": wish.width,
        "height": wish.height,
    }
    if wish.most[0] >= PICTURE_WIDTH and wish.most[1] >= PICTURE_HEIGHT:
        picture = {"url": here + picture_address(page, shown.place), "width": PICTURE_WIDTH, "height": PICTURE_HEIGHT}
        answer |= {f"thumbnail_{name}": value for name, value in picture.items()}
    return answer


def _xml(found: Mapping[str, Any]) -> bytes:
    root = ET.Element("oembed")
    for name, value in found.items():
        ET.SubElement(root, name).text = str(value)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text
