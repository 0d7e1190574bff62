"""`/v1/search`, `/v1/search/lines`, `/v1/suggest`: datasets, lines and names, as JSON and as feeds.

No path names a dataset, so the door lets everybody in: what the asker may find is asked of the index's sides.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Final

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler

from openspending.actor import Actor
from openspending.analytics.search.datasetsearch import find_datasets
from openspending.analytics.search.linesearch import find_lines
from openspending.analytics.search.sides import Search
from openspending.analytics.search.suggesting import suggest
from openspending.read_api import atom, jsonfeed, searchanswers, searchasked, searchfeeds
from openspending.read_api.addressing import GET
from openspending.read_api.asked import Asked, asked
from openspending.read_api.searchasked import AT_DATASETS, AT_LINES, MEDIA_TYPES, Sought, next_page
from openspending.read_api.searchfeeds import Channel
from openspending.read_api.syndication import Syndicated
from openspending.web import (
    AnyRequest,
    actor_of,
    close,
    exact_json,
    names_etag,
    note,
    speak,
    spoken_json,
    wanted_language,
)
from openspending.webapp import Router

KEPT: Final = "public, max-age=60"
SUFFIXES: Final = ("", ".json", ".atom", ".feed")
FIRST: Final = 5.0  # seconds that the first searches wait for an index that is being made
_GLANCE: Final = 0.05  # seconds between two looks at it


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: how many on this page, where the next one begins, and both forms that it can have."""

    sought: Sought[Any]
    rows: int
    place: tuple[int, ...] | None
    body: Callable[[str], dict[str, Any]]  # asked at a path
    feed: Callable[[Channel], Syndicated]


@dataclass(slots=True)
class Service:
    """Search, and the address of this OpenSpending, "" where it is as it is asked. Safe to share between threads."""

    search: Search
    base: str
    _until: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ready(self, actor: Actor) -> Search:
        """Search. Right after a start its index may be empty, although there are datasets: it is waited for, for some
        seconds at most."""
        public = self.search.public
        while not public.visible(actor) and public.pending(actor) and time.monotonic() < self._deadline():
            time.sleep(_GLANCE)
        return self.search

    def _deadline(self) -> float:
        with self._lock:
            if self._until is None:
                self._until = time.monotonic() + FIRST
            return self._until


Finding = Callable[[Search, Actor, Asked, bool], Answer]


def router(search: Search, base: str = "") -> Router:
    """The routes of search. `base` is the address of this OpenSpending, where that is known."""
    service = Service(search, base)
    found = [
        *(_finding(service, AT_DATASETS, suffix, searchasked.DATASETS, _datasets) for suffix in SUFFIXES),
        *(_finding(service, AT_LINES, suffix, searchasked.LINES, _lines) for suffix in SUFFIXES),
    ]
    return Router("/v1", route_handlers=[*found, _suggestions(service)], tags=["search"])


def _datasets(search: Search, actor: Actor, found: Asked, fed: bool) -> Answer:
    sought = searchasked.datasets_asked(found, fed=fed)
    result = find_datasets(search, actor, sought.question)
    return Answer(
        sought,
        len(result.datasets),
        None if result.following is None else (result.following,),
        lambda path: searchanswers.datasets_json(result, sought, path),
        lambda channel: searchfeeds.datasets_feed(result.datasets, sought, channel),
    )


def _lines(search: Search, actor: Actor, found: Asked, fed: bool) -> Answer:
    sought = searchasked.lines_asked(found, fed=fed)
    result = find_lines(search, actor, sought.question)
    return Answer(
        sought,
        len(result.lines),
        result.following,
        lambda path: searchanswers.lines_json(result, sought, path),
        lambda channel: searchfeeds.lines_feed(result.lines, sought, channel),
    )


def _finding(service: Service, path: str, suffix: str, parameters: Collection[str], find: Finding) -> HTTPRouteHandler:
    @route(path.removeprefix("/v1") + suffix, http_method=GET, sync_to_thread=True, opt={"endpoint": path})
    def search(request: AnyRequest) -> Response[bytes]:
        """What was found, as JSON or as a feed."""
        found = _asked(request, parameters)
        format_ = searchasked.format_of(suffix.removeprefix("."), found, request)
        actor = actor_of(request)
        answer = find(service.ready(actor), actor, found, format_ != "json")
        note(request.scope, rows=answer.rows, format=format_)
        if format_ == "json":
            body, heard = spoken_json(answer.body(path + suffix), wanted_language(request.scope))
            if heard:
                speak(request.scope)
        else:
            feed = answer.feed(_channel(request, service.base, path, format_, answer))
            body = atom.written(feed) if format_ == "atom" else exact_json(jsonfeed.written(feed))
        return _told(request, body, MEDIA_TYPES[format_][0], _alternates(path, answer.sought))

    return search


def _channel(request: AnyRequest, base: str, path: str, format_: str, answer: Answer) -> Channel:
    asked_path = request.scope["raw_path"].decode("latin-1").partition("?")[0]
    query = request.scope["query_string"].decode("latin-1")
    following = None if answer.place is None else next_page(f"{path}.{format_}", answer.sought, answer.place)
    here = base or str(request.base_url).rstrip("/")
    return Channel(here, path, format_, f"{asked_path}?{query}" if query else asked_path, following)


def _alternates(path: str, sought: Sought[Any]) -> str:
    """The header Link, which leads to the feeds of a search."""
    parameters = {name: text for name, text in sought.parameters.items() if name != "order"}
    feeds = ((f"{path}.{name}", kinds[0]) for name, kinds in MEDIA_TYPES.items() if name != "json")
    return ", ".join(f'<{searchasked.link(one, parameters)}>; rel="alternate"; type="{kind}"' for one, kind in feeds)


def _suggestions(service: Service) -> HTTPRouteHandler:
    @route("/suggest", http_method=GET, sync_to_thread=True)
    def suggestions(request: AnyRequest) -> Response[bytes]:
        """Names that begin with what was typed, in public datasets or in those that the asker may read."""
        sought = searchasked.suggestions_asked(_asked(request, searchasked.SUGGEST))
        actor = actor_of(request)
        found = suggest(service.ready(actor), actor, sought.question)
        note(request.scope, rows=len(found), format="json")
        return _told(request, exact_json(searchanswers.suggestions_json(found, sought)), "application/json")

    return suggestions


def _asked(request: AnyRequest, parameters: Collection[str]) -> Asked:
    """The parameters; an answer with more than everybody may find is for its asker alone."""
    found = asked(request, parameters)
    if searchasked.asks_for_private(found):
        close(request.scope)
    return found


def _told(request: AnyRequest, body: bytes, media_type: str, links: str = "") -> Response[bytes]:
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": KEPT,
        "Vary": "Accept",
        **({"Link": links} if links else {}),
    }
    if names_etag(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, headers={**headers, "Content-Type": media_type})
