"""`/v1/datasets`: the public datasets, and of the private ones those that its asker may read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

from openspending.actor import Actor
from openspending.analytics import canonical
from openspending.datastore import registry
from openspending.datastore.manifest import timestamp
from openspending.datastore.objects import ObjectStore
from openspending.datastore.permissions import Visibility, may
from openspending.datastore.registry import Listing
from openspending.read_api import cursors
from openspending.read_api.asked import MOST_ROWS, Asked
from openspending.read_api.datasets import latest

PARAMETERS: Final = ("owner", "visibility", "pagesize", "cursor")
VISIBILITIES: Final = ("public", "private", "all")
PAGE: Final = 100

Listed = tuple[Listing, Visibility]


def asks_for_private(asked: Asked) -> bool:
    """Whether the list is to have more than what everybody may see."""
    return asked.text("visibility") not in {None, "public"}


def listed(asked: Asked, public: ObjectStore, private: ObjectStore, actor: Actor) -> dict[str, Any]:
    """The datasets in the registries, by owner and name. Raises BadQueries."""
    size = asked.number("pagesize", PAGE, MOST_ROWS) or 0
    owner, visibility = asked.text("owner"), asked.choice("visibility", VISIBILITIES, "public")
    question = canonical.query_id({"datasets": owner, "visibility": visibility})
    after: list[str | int | None] | None = None
    with asked.blaming("cursor"):
        cursor = asked.text("cursor")
        after = None if cursor is None else cursors.place_of(cursor, question, 2)
    asked.settle()
    every = _found(public, private, actor, visibility)
    found = [(one, seen) for one, seen in every if owner in {None, one.owner}]
    begin = 0 if after is None else sum((one.owner, one.name) <= (str(after[0]), str(after[1])) for one, _ in found)
    page = found[begin : begin + size]
    more = bool(page) and begin + size < len(found)
    end = cursors.written(question, (page[-1][0].owner, page[-1][0].name)) if page else ""
    said = {"owner": owner or "", "visibility": "" if visibility == "public" else visibility}
    query = urlencode({name: text for name, text in said.items() if text} | {"pagesize": size, "cursor": end})
    return {
        "data": [_row(*one) for one in page],
        "total": len(found),
        "returned": len(page),
        "next": f"/v1/datasets?{query}" if more else None,
    }


def _found(public: ObjectStore, private: ObjectStore, actor: Actor, visibility: str) -> list[Listed]:
    """What is asked for, each dataset once: while one moves, it may be in both stores."""
    found = {(one.owner, one.name): (one, seen) for one, seen in _private(private, actor) if visibility != "public"}
    if visibility != "private":
        seen: Visibility = "public"
        found |= {(one.owner, one.name): (one, seen) for one in registry.datasets(public)}
    return [found[place] for place in sorted(found)]


def _private(store: ObjectStore, actor: Actor) -> Iterator[Listed]:
    if actor.known:
        for one in registry.datasets(store):
            if may(actor, "read", one.owner, one.name, "private"):
                yield one, "private"


def _row(one: Listing, visibility: Visibility) -> dict[str, Any]:
    return {
        "owner": one.owner,
        "name": one.name,
        "title": one.title,
        "visibility": visibility,
        "revision": one.revision,
        "hash": one.hash,
        "created": timestamp(one.created),
        "resources": one.resources,
        "licence": one.licence or None,
        "countries": one.country_code.split(),
        "url": latest(one.owner, one.name),
    }
