"""`/search/package`: the packages that an asker may see."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Final

from litestar import HttpMethod, Response, route
from litestar.params import PathParameter

from openspending.actor import Actor
from openspending.conductor import matching
from openspending.conductor.asking import Asked, answered, asked
from openspending.conductor.identifying import TAKES_PERMISSION
from openspending.conductor.pending import pending
from openspending.conductor.service import Conductor, Injected
from openspending.errors import BadQuery
from openspending.web import AnyRequest, actor_of

SIZE: Final = 100
MOST: Final = 10_000
_MOST_WORDS: Final = 1000  # characters of a text that is searched for
Kind = Annotated[str, PathParameter(description="What is searched for: `package`.")]


@route("/search/{kind:str}", http_method=(HttpMethod.GET, HttpMethod.HEAD), opt=TAKES_PERMISSION, sync_to_thread=True)
def search_packages(request: AnyRequest, conductor: Injected, kind: Kind) -> Response[bytes]:
    """Public packages, and one's own private ones, that have the words of `q` and the values of the filters."""
    found = asked(request)
    if kind != "package":
        raise BadQuery(f"“{kind[:40]}” cannot be searched for.", ("package",))
    text = _json(found.get("q"), "q") if found.get("q") else ""
    if not isinstance(text, str):
        raise BadQuery("“q” must be a text in JSON, in quotes.", parameter="q")
    documents = _seen(conductor, actor_of(request), conductor.address(request))
    return answered(found, matching.search(documents, text[:_MOST_WORDS], _filters(found), _size(found)))


def _seen(conductor: Conductor, actor: Actor, address: str) -> list[dict[str, Any]]:
    """All documents that the actor may see."""
    found = [{**one, "origin_url": f"{address}/data/{one['origin_url']}"} for one in conductor.documents.of(actor)]
    known = {one["id"] for one in found}
    return [*found, *(one for one in pending(conductor, actor, address) if one["id"] not in known)]


def _filters(found: Asked) -> dict[str, list[Any]]:
    """The parameters that name a member of documents, by their paths. Raises BadQuery for a value that is no JSON."""
    names = [one for one in found.values if one.partition(".")[0] in matching.FILTERS]
    return {name: [_json(value, name) for value in found.values[name]] for name in names}


def _json(value: str, name: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise BadQuery(f"“{name[:60]}” must be in JSON; texts in quotes.", parameter=name[:60]) from None


def _size(found: Asked) -> int:
    given = found.get("size")
    if not given:
        return SIZE
    if not re.fullmatch(r"[0-9]{1,9}", given):
        raise BadQuery("“size” must be a whole number.", parameter="size")
    return min(int(given), MOST)


HANDLERS: Final = (search_packages,)
