"""Makes an index follow its store: what has left is taken out, what is new or changed is put in, the oldest first.

Index and store are compared by hashes, so that it does not matter what happened meanwhile, nor who was killed. What
cannot be indexed stops no other.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from openspending.analytics.search.contents import Contents, Listed
from openspending.analytics.search.engine import Busy, Engine
from openspending.analytics.search.filling import Done, Filling, Stopped, Tell, silently
from openspending.analytics.search.preparing import prepare
from openspending.analytics.search.record import Record
from openspending.analytics.search.retrying import Retrying
from openspending.analytics.statement import read_build
from openspending.datastore import revisions
from openspending.datastore.manifest import Damaged
from openspending.datastore.objects import ObjectStore
from openspending.datastore.registry import Listing
from openspending.datastore.revisions import Revision
from openspending.errors import OpenSpendingError, StoreError

ROUND: Final = 3.0  # seconds after which no further dataset is begun, so that what was done becomes visible
PATIENCE: Final = 0.2  # seconds between two questions whether others still write
# what a dataset of a form that nobody thought of may cause, in a library or in ours
FAILURES: Final = (
    *(OpenSpendingError, OSError, MemoryError, duckdb.Error, pa.ArrowException),
    *(ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError, RuntimeError),
)
Opening = Callable[[], Engine]


class _Spoilt(Exception):
    """A dataset failed when part of it was in the index already, not committed."""


class Indexing:
    """Makes the index that `opening` opens follow `store`. Safe to share between threads: one works, others wait."""

    def __init__(self, store: ObjectStore, contents: Contents, opening: Opening, *, private: bool = False) -> None:
        self.waiting = 0  # datasets that were not in the index, or not in their newest revision, when it was looked at
        self._store = store
        self._contents = contents
        self._opening = opening
        self._retrying = Retrying(discreet=private)
        self._last = 0  # number that was given to a dataset
        self._even: tuple[Listed, Mapping[str, Record]] | None = None  # that were found to have the same datasets
        self._stopping = threading.Event()
        self._lock = threading.Lock()

    def reasons(self) -> Mapping[str, str]:
        """Why datasets could not be put in, by `owner/name`."""
        return self._retrying.reasons()

    def stop(self) -> None:
        """Have whoever indexes stop soon; what is not committed is dropped."""
        self._stopping.set()

    def once(self, tell: Tell = silently) -> Done:
        """Do what is to be done, for some seconds or one large dataset. Raises StoreError, Busy, Stopped."""
        with self._lock:
            return self._round(tell)

    def catch_up(self, tell: Tell = silently) -> Done:
        """Do all that can be done, waiting while others write. Raises StoreError and Stopped."""
        self._retrying.at_once()
        done, more = Done(), True
        while more:
            found = self._unless_busy(lambda: self.once(tell))
            done, more = done + found, found.more
        return replace(done, waiting=self.waiting, more=False)

    def make_anew(self, tell: Tell = silently) -> Done:
        """Make the index anew; the old one answers until all of the new one is there. Raises StoreError and Stopped."""
        self._retrying.at_once()
        with self._lock:
            done = self._unless_busy(lambda: self._anew(tell))
            self._differences()
        return replace(done, waiting=self.waiting)

    def _unless_busy(self, work: Callable[[], Done]) -> Done:
        """What `work` does, as soon as no other writes, and without datasets that spoil what it does."""
        while True:
            try:
                return work()
            except _Spoilt:
                continue
            except Busy:
                if self._stopping.wait(PATIENCE):
                    raise Stopped from None

    def _round(self, tell: Tell) -> Done:
        until = time.monotonic() + ROUND
        gone, new = self._differences()
        if not gone and next(self._ready(new, until), None) is None:
            return Done(more=any(map(self._retrying.due, new)))
        try:
            done = self._written(tell, until)
        except _Spoilt:
            return Done(more=True)
        gone, new = self._differences()
        return replace(done, more=bool(gone) or any(map(self._retrying.due, new)))

    def _differences(self) -> tuple[list[Record], list[Listing]]:
        """What is in the index and no longer in the store; what is in the store and not in the index."""
        listed, records = self._contents.now(), self._opening().records()
        if self._even is not None and self._even[0] is listed and self._even[1] is records:
            return [], []
        gone = [record for name, record in records.items() if name not in listed.listings]
        new = [one for name, one in listed.listings.items() if name not in records or records[name].hash != one.hash]
        self._retrying.only(new)
        self.waiting = len(new)
        self._even = None if gone or new else (listed, records)
        return gone, new

    def _ready(self, new: Iterable[Listing], until: float | None = None) -> Iterator[tuple[Listing, Revision]]:
        """Those that can be tried now, those first that were not tried yet, then in the order of publishing."""
        for one in sorted(new, key=lambda one: (self._retrying.tried(one), one.created, one.position)):
            if self._stopping.is_set():
                raise Stopped
            if until is not None and time.monotonic() >= until:
                return
            revision = self._built(one) if self._retrying.due(one) else None
            if revision is not None:
                yield one, revision

    def _built(self, listing: Listing) -> Revision | None:
        """The revision, if it has derived files."""
        try:
            revision = revisions.read(self._store, listing.owner, listing.name, listing.revision)
            if read_build(self._store, revision) is not None:
                return revision
        except FAILURES as error:
            self._failed(listing, error)
        else:
            self._retrying.waits(listing, "It has no derived files yet.")
        return None

    def _written(self, tell: Tell, until: float) -> Done:
        """What has left is taken out at once, before anything is put in."""
        with self._opening().writing() as writer:
            # now that nobody else writes: what another one put in must not be taken for what has left
            self._contents.again()
            gone, new = self._differences()
            for record in gone:
                writer.remove(record.uid)
            if gone:
                writer.commit()
            known = self._opening().records()
            filling = Filling(writer, tell, self._stopping)
            for listing, revision in self._ready(new, until):
                self._put(filling, listing, revision, known)
            filling.end()
        return Done(filling.indexed, filling.lines, len(gone))

    def _anew(self, tell: Tell) -> Done:
        with self._opening().writing() as writer:
            known = self._opening().records()
            self._last = max((self._last, *(one.uid for one in known.values())))
            writer.clear()
            filling = Filling(writer, tell, self._stopping, once=True)
            for listing, revision in self._ready(self._contents.now().listings.values()):
                self._put(filling, listing, revision, {})
            filling.end()
        return Done(filling.indexed, filling.lines)

    def _put(self, filling: Filling, listing: Listing, revision: Revision, known: Mapping[str, Record]) -> None:
        """Put a dataset in, unless that fails. Raises StoreError, Stopped, and _Spoilt where it fails halfway."""
        old = known.get(f"{listing.owner}/{listing.name}")
        self._last = self._number(known)
        try:
            with (
                tempfile.TemporaryDirectory(prefix="search-") as folder,
                prepare(self._store, revision, self._last, Path(folder)) as made,
            ):
                filling.put(made.record, made.prepared, None if old is None else old.uid)
        except FAILURES as error:
            self._failed(listing, error)
            if filling.begun:
                raise _Spoilt from error

    def _number(self, known: Mapping[str, Record]) -> int:
        """A number above all there are, and above all there were: whoever asks with the old number of what has left
        must not get the lines of another dataset. Seconds have the room that they need: cells stay below 2^53."""
        return max(self._last + 1, max((one.uid for one in known.values()), default=0) + 1, int(time.time()))

    def _failed(self, listing: Listing, error: Exception) -> None:
        """Leave a dataset for later. Raises StoreError again: where a store or a server is silent, others fail too."""
        if isinstance(error, StoreError) and not isinstance(error, Damaged):
            self._retrying.waits(listing, str(error))
            raise error
        if f"{listing.owner}/{listing.name}" in self._contents.now().listings:  # else it has left meanwhile
            self._retrying.failed(listing, error)
