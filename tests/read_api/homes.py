"""An installation with one dataset in each state, and askers of each kind, for tests of what who may read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from openspending.actor import NOBODY, Actor
from openspending.analytics.livecubes import LiveCubes
from openspending.analytics.search.embedded import open_embedded
from openspending.analytics.search.sides import Search
from openspending.datastore import moving
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import DataStore, open_datastore
from openspending.publishing import publish
from openspending.read_api import application, searchroutes, v1
from openspending.read_api.api import Api
from openspending.read_api.door import Door
from openspending.read_api.resultcache import ResultCache
from tests.publishing.packages import write_package

HEADER = "year,code,label,amount\n"
OWNER = "ministry"
STRANGER = Actor("eve", name="Eve", roles={"eve": "admin"})
MEMBER = Actor("anna", name="Anna", grants={f"{OWNER}/secret": "viewer", f"{OWNER}/hidden": "viewer"})
ADMIN = Actor("boss", name="Boss", roles={OWNER: "admin"})
ACTORS = {"nobody": NOBODY, "stranger": STRANGER, "member": MEMBER, "admin": ADMIN}
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HEAP = 15_000_000  # bytes that an index is made with


@dataclass
class Asking:
    """A client whose requests are those of `actor`."""

    client: TestClient[Any]
    door: Door
    store: DataStore
    search: Search
    actor: Actor = NOBODY

    def as_(self, actor: Actor) -> TestClient[Any]:
        """The client, for requests of `actor`."""
        self.actor = actor
        return self.client


def put(store: ObjectStore, folder: Path, name: str, rows: str, owner: str = OWNER) -> None:
    """A revision of a small dataset."""
    package = write_package(folder / name, HEADER + rows, title=f"The {name}")
    publish(str(package), owner=owner, name=name, store=store, author="anna")


@contextmanager
def asking(store: DataStore, cache: Path) -> Iterator[Asking]:
    """The Read API over `store`, asked by whom one says."""
    cubes = LiveCubes(store.public, cache)
    private = cubes.beside(store.private, cache / "private")
    door = Door(store, Api.public(cubes, ResultCache(10**7)), Api.private(private))
    search = Search.over(store, lambda side: open_embedded(cache / "search" / side, heap=HEAP))
    routes = [v1.router(door, "https://open.example.org"), searchroutes.router(search, "https://open.example.org")]
    app = application.app(cubes, store.public, more=routes, door=door)

    async def recognised(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["openspending.actor"] = found.actor
        await app(scope, receive, send)

    client: TestClient[Any]
    with TestClient(recognised) as client:
        client.follow_redirects = False
        found = Asking(client, door, store, search)
        yield found
    search.close()
    cubes.close()


def furnished(folder: Path, url: str = "") -> DataStore:
    """A store with datasets in each state: public, private, hidden, withdrawn, renamed, and renamed while private."""
    store = open_datastore(url or f"file://{folder}/store/public", None if url else f"file://{folder}/store/private")
    for name in ("open", "hidden", "gone", "old"):
        put(store.public, folder, name, "2024,1,a,5\n2024,2,b,7\n")
    for name in ("secret", "quiet"):
        put(store.private, folder, name, "2024,1,canary,5\n2024,2,b,9\n")
    said: dict[str, Any] = {"by": "boss", "at": NOW}
    moving.hide(store, OWNER, "hidden", event="e1", **said)
    moving.withdraw(store, OWNER, "gone", reason="It named people.", event="e2", **said)
    moving.rename(store, OWNER, "old", (OWNER, "new"), event="e3", **said)
    moving.rename(store, OWNER, "quiet", (OWNER, "silent"), event="e4", **said)
    return store
