"""Which view a link of ours shows: of the viewer, of an embed, of a dataset's page, of a saved view."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from openspending.browse.viewer.place import Place
from openspending.client import Client
from openspending.errors import NotFound

_DATASET: Final = re.compile(r"/(?:embed/)?([^/]+)/([^/]+)(/view)?/?")
_SAVED: Final = re.compile(r"/q/([a-z2-7]{10})/?")
_NO_OWNERS: Final = ("q", "v1", "api", "data", "static", "og", "embed")
_LONGEST: Final = 8000
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Shown:
    """A dataset, perhaps in a version, and the parameters of what is shown of it."""

    place: Place
    asked: Mapping[str, list[str]]


async def shown_by(client: Client, url: str, base: str) -> Shown:
    """What the page at `url` shows. Raises NotFound for whatever is no page of the OpenSpending at `base`."""
    if len(url) > _LONGEST or _host(url) != _host(base):
        raise NotFound("That is no address of ours.")
    parts = urlsplit(url)
    asked = _parameters(parts.query)
    saved = _SAVED.fullmatch(parts.path)
    if saved is not None:
        found = await client.saved_view(saved[1])
        owner, _, name = str(found["dataset"]).partition("/")
        return Shown(Place(owner, name, str(found["revision"])), _parameters(str(found["view"])) | _presented(asked))
    dataset = _DATASET.fullmatch(parts.path)
    if dataset is None or dataset[1] in _NO_OWNERS:
        raise NotFound("No dataset is shown there.")
    framed = parts.path.startswith("/embed/")
    viewed = framed or dataset[3] is not None
    return Shown(Place.read(unquote(dataset[1]), unquote(dataset[2])), asked if viewed else _presented(asked))


def _host(url: str) -> tuple[str, int]:
    """Host and port of a web address: a gateway may speak https where we are asked by http."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", -1
    if parts.scheme not in _PORTS or not parts.hostname:
        return "", -1
    return parts.hostname, 0 if port in {None, *_PORTS.values()} else port or 0


def _parameters(query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


def _presented(asked: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Of these parameters those that say how a view is shown, not what."""
    return {name: asked[name] for name in ("lang", "theme") if name in asked}
