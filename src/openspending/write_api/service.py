"""What the routes and jobs of the Write API work with, opened once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from litestar.di import NamedDependency
from litestar.params import SkipValidation
from sqlalchemy import Engine

from openspending.datastore.addresses import ANONYMOUS, S3Access
from openspending.datastore.signing import Signer
from openspending.datastore.store import DataStore
from openspending.fetch import Fetcher
from openspending.identity.pace import Pace
from openspending.jobs import Jobs
from openspending.write_api.drafts import Drafts
from openspending.write_api.quota import Quota
from openspending.write_api.repeats import Repeats
from openspending.write_api.staging import Staging
from openspending.write_api.uploads import PART, Uploads

MOST_UPLOADS: Final = 1000  # of one owner, that have not expired
MOST_WAITING: Final = 100  # jobs of one owner, that wait or run
MOST_VIEWS: Final = 60  # that one client saves in an hour
_HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be sent: bytes of one file, bytes that an owner may keep, bytes of one part; how many uploads and
    jobs of an owner may be open; how many views one client may save in an hour."""

    upload_size: int = 20_000_000_000
    quota: int = 100_000_000_000
    part: int = PART
    uploads: int = MOST_UPLOADS
    waiting: int = MOST_WAITING
    views: int = MOST_VIEWS


@dataclass(frozen=True, slots=True)
class Writing:
    """The parts of the Write API."""

    store: DataStore
    engine: Engine
    jobs: Jobs
    uploads: Uploads
    drafts: Drafts
    staging: Staging
    quota: Quota
    repeats: Repeats
    limits: Limits
    fetcher: Fetcher
    views: Pace

    @classmethod
    def over(
        cls,
        store: DataStore,
        engine: Engine,
        jobs: Jobs,
        *,
        s3: S3Access = ANONYMOUS,
        limits: Limits = Limits(),
        private_hosts: bool = False,
    ) -> Writing:
        """The Write API over a DataStore, a migrated database and its jobs."""
        uploads = Uploads(engine)
        return cls(
            store=store,
            engine=engine,
            jobs=jobs,
            uploads=uploads,
            drafts=Drafts(engine),
            staging=Staging(store.private, Signer.for_store(store.private, s3)),
            quota=Quota(engine, store, uploads, limits.quota),
            repeats=Repeats(engine),
            limits=limits,
            fetcher=Fetcher(allow_private_hosts=private_hosts),
            views=Pace(limits.views, _HOUR),
        )


Injected = NamedDependency[SkipValidation[Writing]]
