"""Pages that a browser has already: told by the states of what they are made of, before they are made again.

A page of a dataset is a function of what the API says of it, of the address and the language, and of this program. What
the API says has ETags, which are asked for at a tenth of the cost of the page.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from litestar import Response

from openspending import __version__
from openspending.browse import languages
from openspending.browse.rendering import unmodified
from openspending.browse.viewer.place import Place
from openspending.browse.visitors import base, told, whole
from openspending.client import Client, dataset_path
from openspending.web import AnyRequest, names_etag


def of_dataset(place: Place) -> tuple[str, ...]:
    """The paths of the API on whose states the page of a dataset hangs."""
    here = [dataset_path(place.owner, place.versioned, one) for one in ("", "downloads")]
    return (*here, dataset_path(place.owner, place.name, "revisions"))


def of_view(place: Place) -> tuple[str, ...]:
    """The paths of the API on whose states the page of a view hangs; which revision is the newest is one of them."""
    here = [dataset_path(place.owner, place.versioned, one) for one in ("", "model")]
    return (*here, dataset_path(place.owner, place.name))


async def unchanged(request: AnyRequest, client: Client, states: Sequence[str]) -> Response[bytes] | None:
    """304, where the browser has the page as it would be made now; None where it has to be made."""
    known = request.headers.get("if-none-match")
    if known is None or told(request):
        return None
    etag = _etag(request, await asyncio.gather(*(client.tag(one) for one in states)))
    return unmodified(etag) if etag and names_etag(known, etag) else None


def tagged(request: AnyRequest, answer: Response[bytes], client: Client, states: Sequence[str]) -> Response[bytes]:
    """The page with an ETag by which `unchanged` knows it, where `client` was told all these states for it."""
    etag = _etag(request, [client.tags.get(one, "") for one in states])
    if etag and answer.status_code == 200 and not told(request):
        answer.set_header("ETag", etag)
    return answer


def _etag(request: AnyRequest, tags: Sequence[str]) -> str:
    """The ETag of a page in these states; none where one of them is not known."""
    if not all(tags):
        return ""
    language = languages.chosen(request.scope)
    parts = "\n".join((_program(), language, base(request), whole(request), *tags))
    return f'"{hashlib.sha256(parts.encode()).hexdigest()[:32]}"'


@cache
def _program() -> str:
    """What of this program makes pages, as a word: they are others after an upgrade."""
    found = hashlib.sha256(__version__.encode())
    for one in _all(files("openspending.browse")):
        found.update(one.name.encode() + b"\0" + one.read_bytes())
    return found.hexdigest()


def _all(folder: Traversable) -> Iterable[Traversable]:
    for one in sorted(folder.iterdir(), key=lambda each: each.name):
        if one.is_dir():
            yield from _all(one)
        elif not one.name.endswith(".pyc"):
            yield one
