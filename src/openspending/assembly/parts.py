"""What components share: the stores, the database, the cubes. Each is opened when it is first needed, and once."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property, partial
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from openspending.datastore.store import DataStore, open_datastore
from openspending.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from openspending.analytics.adhoc.sandbox import Sandbox
    from openspending.analytics.livecubes import LiveCubes
    from openspending.analytics.search.engine import Engine as Index
    from openspending.analytics.search.sides import Search
    from openspending.conductor import Conductor
    from openspending.identity.installation import Installation
    from openspending.jobs import Jobs
    from openspending.read_api.door import Door
    from openspending.usage.ledger import Ledger
    from openspending.webhooks.routes import Hooks
    from openspending.write_api import Writing


def open_store(settings: Settings) -> DataStore:
    """The DataStore that the settings name. No server is contacted yet."""
    return open_datastore(settings.public_url, settings.private_url, settings.s3)


def open_sandbox(settings: Settings, processes: int) -> Sandbox:
    """Where SQL is answered, by that many processes at most. None is started yet."""
    from openspending.analytics.adhoc.bounds import Bounds
    from openspending.analytics.adhoc.sandbox import Sandbox

    return Sandbox(Bounds(settings.sql_memory, settings.sql_seconds, settings.sql_rows), processes)


def open_index(settings: Settings, side: Literal["public", "private"]) -> Index:
    """The search index of a side: in the cache's folder, or on the server that the settings name."""
    if settings.search_url:
        from openspending.analytics.search.postgres import open_postgres

        return open_postgres(settings.search_url, side)
    from openspending.analytics.search.embedded import open_embedded

    return open_embedded(settings.cache / "search" / side)


class Parts:
    """The parts of one process, by its settings; closed in the end, the last first."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.__exit__(kind, error, trace)

    @cached_property
    def store(self) -> DataStore:
        """The public and the private store."""
        return open_store(self.settings)

    @cached_property
    def engine(self) -> Engine:
        """The SQL database, in its newest form. Raises StoreError when it is not there."""
        from openspending.assembly.checking import check_database
        from openspending.database.engine import migrate, open_database

        engine = open_database(self.settings.database_url)
        self.closing.callback(engine.dispose)
        check_database(engine)
        migrate(engine)
        return engine

    @cached_property
    def jobs(self) -> Jobs:
        """The jobs in the database."""
        from openspending.jobs import Jobs

        return Jobs(self.engine)

    @cached_property
    def writing(self) -> Writing:
        """What the Write API and its jobs work with."""
        from openspending.write_api import Limits, Writing

        settings = self.settings
        return Writing.over(
            self.store,
            self.engine,
            self.jobs,
            s3=settings.s3,
            limits=Limits(upload_size=settings.upload_size, quota=settings.quota),
            private_hosts=settings.allow_private_hosts,
        )

    @cached_property
    def hooks(self) -> Hooks:
        """What webhooks are told with."""
        from openspending.webhooks.routes import Hooks

        settings = self.settings
        return Hooks.over(
            self.store, self.jobs, base_url=settings.base_url, allow_private_hosts=settings.allow_private_hosts
        )

    @cached_property
    def installation(self) -> Installation:
        """What Identity works with."""
        from openspending.assembly.identifying import installation

        return installation(self)

    @cached_property
    def conductor(self) -> Conductor:
        """What clients of the original work with."""
        from openspending.conductor import Conductor

        return Conductor.over(self.writing, self.installation, in_parameter=self.settings.token_in_query)

    @cached_property
    def cubes(self) -> LiveCubes:
        """The cubes over the public store."""
        from openspending.analytics.livecubes import LiveCubes

        settings = self.settings
        cubes = LiveCubes(
            self.store.public,
            settings.cache,
            memory_limit=settings.memory_limit,
            threads=settings.threads,
            seconds=settings.query_seconds,
        )
        self.closing.callback(cubes.close)
        return cubes

    @cached_property
    def door(self) -> Door:
        """The door to all datasets: public ones for everybody, private ones for those who may read them."""
        from openspending.read_api.api import Api
        from openspending.read_api.door import Door
        from openspending.read_api.resultcache import ResultCache

        private = self.cubes.beside(self.store.private, self.settings.cache / "private")
        kept = ResultCache(self.settings.result_cache)
        return Door(self.store, Api.public(self.cubes, kept), Api.private(private))

    @cached_property
    def search(self) -> Search:
        """Search over both stores. Its indexes follow them from `start` on."""
        from openspending.analytics.search.sides import Search

        search = Search.over(self.store, partial(open_index, self.settings))
        self.closing.callback(search.close)
        return search

    @cached_property
    def ledger(self) -> Ledger:
        """What counts requests, and stores the counts once a minute and in the end."""
        from openspending.usage.ledger import Ledger

        ledger = Ledger(self.store.public)
        self.closing.callback(ledger.close)
        return ledger
