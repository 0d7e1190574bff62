"""The composition root: settings → opened parts → one ASGI application of all components.

The application's own imports wait until one is asked for: commands that need only the store start faster without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from openspending.datastore.store import DataStore, open_datastore
from openspending.settings import Settings

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.types import Receive, Scope, Send


def open_store(settings: Settings) -> DataStore:
    """The DataStore that the settings name. No server is contacted yet."""
    return open_datastore(settings.public_url, settings.private_url, settings.s3)


@contextmanager
def application(settings: Settings) -> Iterator[Litestar]:
    """The Read API and the pages over the settings' DataStore. The pages are a client of the API, in this process."""
    from openspending import browse, read_api
    from openspending.analytics.livecubes import LiveCubes
    from openspending.analytics.statement import BUILD
    from openspending.client import Client

    store = open_store(settings)
    cubes = LiveCubes(store, settings.cache, memory_limit=settings.memory_limit, threads=settings.threads)

    async def itself(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    app = read_api.app(cubes, store.public, more=browse.routes(Client.in_process(itself), BUILD))
    try:
        yield app
    finally:
        cubes.close()
