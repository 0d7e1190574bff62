"""What programs look for at fixed places: the catalogue of APIs (RFC 9727), robots.txt, llms.txt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler

from openspending.web import AnyRequest, to_json

DESCRIBED: Final = "/openapi.json"
_APIS: Final = ("/v1/", "/api/3/")
_DAY: Final = {"Cache-Control": "public, max-age=86400"}

ROBOTS: Final = """# What robots see is public. Who wants all of it need not crawl: /v1/datasets lists the datasets, and
# each one's downloads and stored files (/data/…) are whole files that may be kept.
User-agent: *
Disallow: /v1/sql
Disallow: /v1/search
Disallow: /v1/suggest
Allow: /
"""
LLMS: Final = """# OpenSpending

> Budgets and spending of governments as exact, linkable open data. Every figure has a revision that never changes and
> a link to the facts it is the sum of, each with the file and row it came from. No key is needed.

Begin with /v1/datasets, then ask a dataset's /model for what it has, and /aggregate for sums. Quote figures with the
address in `meta.self`. When a sum is refused (422), choose one of the `choices`; do not add the cells up yourself.

## API

- [Datasets](/v1/datasets): what there is
- [Search](/v1/search/lines?q=health): lines of all datasets by words and codes, with exact totals of each kind of money
- [OpenAPI](/openapi.json): every operation, with examples
- [Kinds of problems](/v1/problems): what a refusal means, and what to do about it
- [SQL tables](/v1/sql/tables): what /v1/sql can ask
"""


def catalogue(request: AnyRequest) -> bytes:
    """The APIs of this server as a linkset (RFC 9264), each with where it is described."""
    base = str(request.base_url).rstrip("/")
    described = {"service-desc": [{"href": f"{base}{DESCRIBED}", "type": "application/vnd.oai.openapi+json"}]}
    apis: list[dict[str, Any]] = [
        {"anchor": f"{base}{one}", **described, "status": [{"href": f"{base}/health"}]} for one in _APIS
    ]
    items = {"anchor": f"{base}/.well-known/api-catalog", "item": [{"href": one["anchor"]} for one in apis]}
    return to_json({"linkset": [items, *apis]})


def _at(path: str, media_type: str, make: Callable[[AnyRequest], bytes]) -> HTTPRouteHandler:
    @route(path, http_method=[HttpMethod.GET, HttpMethod.HEAD], include_in_schema=False, sync_to_thread=False)
    def found(request: AnyRequest) -> Response[bytes]:
        return Response(make(request), headers={**_DAY, "Content-Type": media_type})

    return found


HANDLERS: Final = [
    _at(
        "/.well-known/api-catalog",
        'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
        catalogue,
    ),
    _at("/robots.txt", "text/plain; charset=utf-8", lambda _: ROBOTS.encode()),
    _at("/llms.txt", "text/markdown; charset=utf-8", lambda _: LLMS.encode()),
]
