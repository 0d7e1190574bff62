"""Packages as the original's registry had them: one document each, of the newest revision, for lists and statistics.

Made of the registries and of manifests, and remembered by the hash of the revision, so that a list costs no more than
the registry once its packages are known.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from openspending.actor import Actor
from openspending.analytics.statement import derived_key, recorded
from openspending.datastore import layout, registry, revisions
from openspending.datastore.manifest import Damaged, without_heading
from openspending.datastore.objects import ObjectStore
from openspending.datastore.permissions import may
from openspending.datastore.registry import Listing
from openspending.datastore.store import DataStore
from openspending.errors import NotFound

_KEPT: Final = 20_000
_AT_ONCE: Final = 8  # packages that are read for the first time

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a DataStore. Safe to share between threads. `origin_url` is a path, which begins with the key of
    the descriptor's store."""

    store: DataStore
    _known: dict[tuple[str, bool], Document] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def public(self) -> list[Document]:
        """Those of public packages."""
        return self._of(self.store.public, registry.datasets(self.store.public), private=False)

    def of(self, actor: Actor) -> list[Document]:
        """Those that the actor may see: public ones, and its own private ones."""
        found = self.public()
        if not actor.known:
            return found
        seen = {one["id"] for one in found}
        mine = [
            one
            for one in registry.datasets(self.store.private)
            if may(actor, "read", one.owner, one.name) and f"{one.owner}:{one.name}" not in seen
        ]
        return [*found, *self._of(self.store.private, mine, private=True)]

    def stats(self) -> dict[str, int]:
        """How many public packages, countries and facts there are."""
        packages = [one["package"] for one in self.public()]
        countries = {code for one in packages for code in _codes(one.get("countryCode"))}
        records = sum(one["count_of_rows"] for one in packages)
        return {"num_packages": len(packages), "num_countries": len(countries), "num_records": records}

    def _of(self, store: ObjectStore, listings: Iterable[Listing], *, private: bool) -> list[Document]:
        wanted = [(one, (one.hash, private)) for one in listings]
        missing = {key: one for one, key in wanted if key not in self._known}
        if missing:
            with ThreadPoolExecutor(min(_AT_ONCE, len(missing))) as threads:
                made = threads.map(lambda one: _document(store, one, private=private), missing.values())
                found = dict(zip(missing, made, strict=True))
            with self._lock:
                if len(self._known) + len(found) > _KEPT:
                    self._known.clear()
                self._known.update({key: one for key, one in found.items() if one is not None})
        known = (self._known.get(key) for _, key in wanted)
        return [one for one in known if one is not None]


def _document(store: ObjectStore, listing: Listing, *, private: bool) -> Document | None:
    """The document of a package; None where its manifest is gone: it is on its way elsewhere."""
    try:
        revision = revisions.read(store, listing.owner, listing.name, listing.revision)
    except (NotFound, Damaged):
        return None
    built = recorded(store, revision)
    package = without_heading(revision.descriptor)
    return {
        "id": f"{listing.owner}:{listing.name}",
        "model": _model(store, derived_key(revision, "model.json")),
        "package": {
            **package,
            "name": listing.name,
            "title": package.get("title") or listing.title,
            "owner": listing.owner,
            "private": private,
            "count_of_rows": 0 if built is None else built.facts,
        },
        "origin_url": layout.descriptor_key(listing.owner, listing.name),
        "loaded": True,
        "last_update": int(listing.created.timestamp()),
    }


def _model(store: ObjectStore, key: str) -> Any:
    """The cube model; {} while it is being derived."""
    try:
        return json.loads(store.get(key))["cube"]
    except (NotFound, KeyError):
        return {}


def _codes(given: Any) -> list[str]:
    return [one for one in (given if isinstance(given, list) else [given]) if isinstance(one, str) and one]
