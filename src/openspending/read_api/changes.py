"""`…/changelog`: what happened to all datasets, to those of an owner, to one; as JSON and as an Atom feed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler

from openspending.datastore.changelog import Entry
from openspending.errors import NotFound
from openspending.read_api import atom, changefeed, feed
from openspending.read_api.addressing import DATASET, GET, Injected, Name, Owner
from openspending.read_api.api import Api
from openspending.read_api.asked import address, asked
from openspending.read_api.changefeed import Channel
from openspending.read_api.datasets import latest
from openspending.speaking.said import said
from openspending.web import AnyRequest, exact_json, names_etag, note

_KEPT: Final = "public, max-age=60"
_SUFFIXES: Final = ("", ".json", ".atom")
_OWNERS: Final = "/owners/{owner:str}/changelog"


def handlers(base: str) -> list[HTTPRouteHandler]:
    """The handlers of all changelogs; `base` is the address of this OpenSpending, "" where it is as it is asked."""
    made = (_all, _of_owner, _of_dataset)
    return [one(base, suffix) for one in made for suffix in _SUFFIXES]


def _all(base: str, suffix: str) -> HTTPRouteHandler:
    @route(f"/changelog{suffix}", http_method=GET, sync_to_thread=True, opt={"endpoint": "/v1/changelog"})
    def changelog(request: AnyRequest, api: Injected) -> Response[bytes]:
        """What happened after a position, to all public datasets, in order."""
        channel = Channel(_base(base, request), "Datasets in OpenSpending", "/v1/changelog", "public", "/")
        return _answer(request, channel, lambda: api.feed.entries(feed.everything), suffix)

    return changelog


def _of_owner(base: str, suffix: str) -> HTTPRouteHandler:
    @route(f"{_OWNERS}{suffix}", http_method=GET, sync_to_thread=True, opt={"endpoint": "/v1/owners/changelog"})
    def changelog_of_owner(request: AnyRequest, api: Injected, owner: Owner) -> Response[bytes]:
        """What happened after a position, to the public datasets of one owner, in order."""
        written = quote(owner, safe="@+")
        path = f"/v1/owners/{written}/changelog"
        channel = Channel(_base(base, request), f"Datasets of {owner}", path, "public", f"/{written}")

        def entries() -> list[Entry]:
            found = api.feed.entries(feed.of_owner(owner))
            if not found:
                raise NotFound(said("Nobody called “{owner}” has published a dataset here.", owner=owner[:100]))
            return found

        return _answer(request, channel, entries, suffix)

    return changelog_of_owner


def _of_dataset(base: str, suffix: str) -> HTTPRouteHandler:
    endpoint = {"endpoint": "/v1/datasets/{owner}/{name}/changelog"}

    @route(f"{DATASET}/changelog{suffix}", http_method=GET, sync_to_thread=True, opt=endpoint)
    def changelog_of_dataset(request: AnyRequest, api: Injected, owner: Owner, name: Name) -> Response[bytes]:
        """What happened to one dataset after a position, in order."""
        where = address(owner, name)
        channel = _channel(_base(base, request), api, where.owner, where.name)
        wanted = feed.of_dataset(where.owner, where.name)
        if where.version is not None:  # a version that there is not is no address
            api.cubes.revision(where.owner, where.name, where.version)
        return _answer(request, channel, lambda: api.feed.entries(wanted), suffix)

    return changelog_of_dataset


def _channel(base: str, api: Api, owner: str, name: str) -> Channel:
    page = f"/{quote(owner, safe='@+')}/{quote(name, safe='')}"
    return Channel(base, f"{owner}/{name}", f"{latest(owner, name)}/changelog", api.visibility, page)


def _base(base: str, request: AnyRequest) -> str:
    return base or str(request.base_url).rstrip("/")


def _answer(request: AnyRequest, channel: Channel, entries: Callable[[], list[Entry]], suffix: str) -> Response[bytes]:
    """The page of JSON or Atom that is asked for, or 304."""
    if suffix == ".atom":
        wanted = asked(request, feed.ATOM_PARAMETERS)
        shown, following = feed.newest(entries(), wanted)
        query = request.scope["query_string"].decode("latin-1")
        telling = changefeed.feed_of(channel, shown, query, following)
        body, kind, rows = atom.written(telling), atom.MEDIA_TYPE, len(shown)
    else:
        found = feed.page(entries(), asked(request, feed.PARAMETERS), f"{channel.path}{suffix}")
        body, kind, rows = exact_json(found), "application/json", found["returned"]
    note(request.scope, rows=rows)
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": _KEPT,
        "Link": f'<{channel.path}.atom>; rel="alternate"; type="{atom.MEDIA_TYPE}"',
    }
    if names_etag(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, headers={**headers, "Content-Type": kind})
