"""What an owner keeps: uploads, which the database adds up, and source files, of which the stores are asked seldom."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, Engine, select

from openspending.database.engine import now
from openspending.datastore.store import DataStore
from openspending.errors import OverQuota, TooOften
from openspending.jobs.lasting import lasting
from openspending.speaking.said import said
from openspending.write_api.schema import inserting, kept
from openspending.write_api.uploads import Uploads

FRESH: Final = timedelta(minutes=10)  # for which a count of stored files is taken
_PATIENCE: Final = 5.0  # seconds for the database


class Quota:
    """How much owners may keep, and do."""

    def __init__(self, engine: Engine, store: DataStore, uploads: Uploads, most: int) -> None:
        self._engine = engine
        self._store = store
        self._uploads = uploads
        self.most = most

    def check(self, owner: str, most_uploads: int | None = None) -> None:
        """Raise OverQuota when uploads, announced ones too, and source files are more than the owner may keep, TooOften
        for more than so many uploads."""
        count, announced = self._uploads.reserved(owner)
        if most_uploads is not None and count > most_uploads:
            raise TooOften(
                said(
                    "{owner} has {most_uploads} uploads; delete some, or let them expire.",
                    owner=owner,
                    most_uploads=most_uploads,
                ),
                3600,
            )
        stored = self.stored(owner)
        if announced + stored > self.most:
            raise OverQuota(
                said(
                    "{owner} may keep {most:,} bytes; with this there would be {stored:,} of source files and "
                    "{announced:,} of uploads.",
                    owner=owner,
                    most=self.most,
                    stored=stored,
                    announced=announced,
                )
            )

    def room(self, owner: str) -> int:
        """How many bytes more the owner may keep; at least 1."""
        return max(1, self.most - self._uploads.reserved(owner)[1] - self.stored(owner))

    def stored(self, owner: str) -> int:
        """The bytes of all source files of an owner, in both stores, as they were some minutes ago at most."""
        known = select(kept).where(kept.c.owner == owner)
        row = lasting(self._engine, lambda found: found.execute(known).first(), _PATIENCE)
        if row is not None and row.counted > now() - FRESH:
            return int(row.bytes)
        return self.count(owner)

    def forget(self, owner: str) -> None:
        """Count anew when next asked: something was stored."""
        lasting(self._engine, lambda found: found.execute(kept.delete().where(kept.c.owner == owner)), _PATIENCE)

    def count(self, owner: str) -> int:
        """Count them now."""
        stores = (self._store.public, self._store.private)
        size = sum(size for one in stores for key, size in one.sizes(owner) if _is_source(key))
        values = {"owner": owner, "bytes": size, "counted": now()}

        def work(connection: Connection) -> None:
            added = inserting(connection, kept).values(values)
            connection.execute(added.on_conflict_do_update(index_elements=["owner"], set_=values))

        lasting(self._engine, work, _PATIENCE)
        return size


def _is_source(key: str) -> bool:
    return key.split("/", 3)[2:3] == ["files"]
