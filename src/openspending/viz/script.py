"""`/static/openspending-chart.js`: the address that other sites load the chart from, which never changes.

The chart itself has another address whenever it is another, and is kept for ever; this script is kept for some minutes.
"""

from __future__ import annotations

from typing import Final

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler

from openspending.browse import built
from openspending.browse.visitors import READ

PATH: Final = "/static/openspending-chart.js"
_HEADERS: Final = {
    "Cache-Control": "public, max-age=300, stale-while-revalidate=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
# Loaded as a module or not: only as a module it knows what its own address is relative to.
_LOADING: Final = """// OpenSpending's charts for any page: <openspending-chart src="https://…/owner/name"></openspending-chart>
const loaded = document.currentScript;
import(loaded ? new URL("{address}", loaded.src).href : "{address}");
"""


def handler() -> HTTPRouteHandler:
    """The route."""

    @route(PATH, http_method=READ, sync_to_thread=False)
    def chart_script() -> Response[bytes]:
        address = built.address("chart.js").removeprefix("/static/")
        text = _LOADING.replace("{address}", f"./{address}")
        return Response(text.encode(), media_type="text/javascript", headers=_HEADERS)

    return chart_script
