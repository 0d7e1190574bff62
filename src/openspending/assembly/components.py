"""The components that one process can serve, alone or together, and the routes of each.

Each function opens just what its component needs: the Read API knows no SQL database, the pages know no store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from openspending.assembly.parts import Parts, open_sandbox
from openspending.errors import BadSettings

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler

    from openspending.client import Client

ASGIApp = Any  # Litestar and httpx each have their own name for it
Routes = Sequence["ControllerRouterHandler"]


def _read_api(parts: Parts, _: ASGIApp) -> Routes:
    """`/v1`, `/api/3` and `/data`: what can be read."""
    from openspending import read_api
    from openspending.read_api import adhoc, savedviews, searchroutes, usage, v1
    from openspending.usage.recorded import Recorded

    door, public, settings = parts.door, parts.store.public, parts.settings
    sql = adhoc.Service.over(door, open_sandbox(settings, settings.sql_processes))
    parts.closing.callback(sql.close)
    return [
        *read_api.routes(parts.cubes, public),
        v1.router(door, settings.base_url),
        savedviews.router(door, parts.store),
        searchroutes.router(parts.search, settings.base_url),
        adhoc.router(sql),
        *usage.handlers(Recorded(public, parts.ledger)),
    ]


def _write_api(parts: Parts, _: ASGIApp) -> Routes:
    """Uploads, imports, jobs, and what becomes of a dataset; the same for clients of the original."""
    from openspending import conductor, write_api
    from openspending.webhooks import routes as webhooks

    return [write_api.router(parts.writing), webhooks.router(parts.hooks), conductor.router(parts.conductor)]


def _identity(parts: Parts, _: ASGIApp) -> Routes:
    """Accounts, organisations, signing in, tokens."""
    from openspending.identity.routes import router

    return [router(parts.installation)]


def _browse(parts: Parts, itself: ASGIApp) -> Routes:
    """The pages, and charts for the pages of others: a client of the APIs, in this process or at OS_API_URL."""
    from openspending import browse, viz
    from openspending.browse.visitors import BASE
    from openspending.client import Client
    from openspending.webapp import Router

    client = _client(Client, parts.settings.api_url, itself)
    pages = [*browse.routes(client), viz.router(client)]
    return [Router("/", route_handlers=pages, opt={BASE: parts.settings.base_url})]


def _client(kind: type[Client], address: str, itself: ASGIApp) -> Client:
    if itself is not None:
        return kind.in_process(itself)
    if not address:
        raise BadSettings("OS_API_URL is missing: pages that are served alone ask the APIs at that address.")
    return kind.by_url(address)


COMPONENTS: Final[Mapping[str, Callable[[Parts, ASGIApp], Routes]]] = {
    "read-api": _read_api,
    "write-api": _write_api,
    "identity": _identity,
    "browse": _browse,
}
ALL: Final = frozenset(COMPONENTS)
WITH_DATABASE: Final = frozenset({"write-api", "identity"})


def chosen(names: Iterable[str]) -> frozenset[str]:
    """The components of these names; all of them for none. Raises BadSettings for others."""
    wanted = frozenset(names)
    for name in sorted(wanted - ALL):
        near = get_close_matches(name, ALL, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise BadSettings(f"There is no component “{name}”; there are: {', '.join(COMPONENTS)}.{hint}")
    return wanted or ALL
