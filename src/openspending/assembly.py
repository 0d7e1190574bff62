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
    from litestar.types import ASGIApp, Receive, Scope, Send

    from openspending.analytics.adhoc.sandbox import Sandbox


def open_store(settings: Settings) -> DataStore:
    """The DataStore that the settings name. No server is contacted yet."""
    return open_datastore(settings.public_url, settings.private_url, settings.s3)


def open_sandbox(settings: Settings, processes: int) -> Sandbox:
    """Where SQL is answered, by that many processes at most. None is started yet."""
    from openspending.analytics.adhoc.bounds import Bounds
    from openspending.analytics.adhoc.sandbox import Sandbox

    return Sandbox(Bounds(settings.sql_memory, settings.sql_seconds, settings.sql_rows), processes)


@contextmanager
def application(settings: Settings) -> Iterator[ASGIApp]:
    """The Read API and the pages over the settings' DataStore, measured. The pages are a client of the API, in this
    process. What was counted is stored once a minute and in the end."""
    from openspending import browse, read_api
    from openspending.analytics.livecubes import LiveCubes
    from openspending.analytics.statement import BUILD
    from openspending.client import Client
    from openspending.read_api import adhoc, usage, v1
    from openspending.read_api.measuring import Measured
    from openspending.read_api.metrics import MEMORY, OPEN, Metrics
    from openspending.read_api.respond import Api
    from openspending.read_api.resultcache import ResultCache
    from openspending.usage.ledger import Ledger
    from openspending.usage.recorded import Recorded

    store = open_store(settings)
    cubes = LiveCubes(
        store.public,
        settings.cache,
        memory_limit=settings.memory_limit,
        threads=settings.threads,
        seconds=settings.query_seconds,
    )

    async def itself(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    ledger = Ledger(store.public)
    metrics = Metrics({MEMORY: cubes.memory, OPEN: cubes.count})
    api = v1.router(Api(cubes, ResultCache(settings.result_cache)))
    sql = adhoc.Service.over(cubes, open_sandbox(settings, settings.sql_processes))
    watched = [*usage.handlers(Recorded(store.public, ledger)), metrics.handler()]
    app = read_api.app(
        cubes, store.public, more=[*browse.routes(Client.in_process(itself), BUILD), api, adhoc.router(sql), *watched]
    )
    ledger.start()
    try:
        yield Measured(app, ledger, metrics)
    finally:
        sql.close()
        ledger.close()
        cubes.close()
