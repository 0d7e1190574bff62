"""`/static/openspending-chart.js`: the address that other sites load the chart from, which never changes.

The chart itself has another address whenever it is another, and is kept for ever; this script is kept for some minutes.
"""

from __future__ import annotations

import json
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
# Loaded as a module or not: only as a module it knows what its own address is relative to. All parts are asked for at
# once; none of them is run twice.
_LOADING: Final = """// OpenSpending's charts for any page: <openspending-chart src="https://…/owner/name"></openspending-chart>
const loaded = document.currentScript;
for (const part of {addresses}) import(loaded ? new URL(part, loaded.src).href : part);
"""


def handler() -> HTTPRouteHandler:
    """The route."""

    @route(PATH, http_method=READ, sync_to_thread=False)
    def chart_script() -> Response[bytes]:
        every = (*built.parts("chart.js"), built.address("chart.js"))
        addresses = [f"./{one.removeprefix('/static/')}" for one in every]
        text = _LOADING.replace("{addresses}", json.dumps(addresses))
        return Response(text.encode(), media_type="text/javascript", headers=_HEADERS)

    return chart_script
