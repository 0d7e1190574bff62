"""The two sides of search: the public index for everybody, the private one for those who may read what is in it.

An index says what was there when it was made, the store's contents what is there now; nothing is seen that is not in
both. Who asks names the cells of what they may see, so that a stale index can show nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from openspending.actor import Actor
from openspending.analytics.search.contents import Contents, Listed
from openspending.analytics.search.engine import Engine
from openspending.analytics.search.filling import Done, Tell, silently
from openspending.analytics.search.indexing import Indexing
from openspending.analytics.search.keeping import Keeping
from openspending.analytics.search.record import Record
from openspending.datastore.objects import ObjectStore
from openspending.datastore.permissions import may
from openspending.datastore.store import DataStore

Visibility = Literal["public", "private"]
Opening = Callable[[Visibility], Engine]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is in an index and there now; and which datasets are there in a revision that is not in the index."""

    records: Mapping[str, Record]
    listed: Listed
    visible: Mapping[str, Record]
    pending: frozenset[str]


class Side:
    """The index of one store. Safe to share between threads; nothing is opened before it is needed."""

    def __init__(self, visibility: Visibility, store: ObjectStore, opening: Opening) -> None:
        self.visibility = visibility
        self.contents = Contents(store)
        self.indexing = Indexing(store, self.contents, lambda: self.engine, private=visibility == "private")
        self._opening = opening
        self._engine: Engine | None = None
        self._shown: _Shown | None = None
        self._lock = threading.Lock()

    @property
    def engine(self) -> Engine:
        """The index. Raises StoreError where it is a server that does not answer."""
        with self._lock:
            if self._engine is None:
                self._engine = self._opening(self.visibility)
            return self._engine

    def visible(self, actor: Actor) -> Mapping[str, Record]:
        """The datasets that `actor` may find, by `owner/name`. Of the public side it is the same for everybody, and the
        same object as long as nothing changed. Raises StoreError."""
        if self.visibility == "public":
            return self._now().visible
        if not actor.known:
            return {}
        shown = self._now()
        return {name: shown.visible[name] for name in _readable(actor, shown.listed) if name in shown.visible}

    def pending(self, actor: Actor) -> int:
        """How many datasets `actor` may see that are not in the index yet, or not in their newest revision."""
        if self.visibility == "public":
            return len(self._now().pending)
        if not actor.known:
            return 0
        shown = self._now()
        return sum(name in shown.pending for name in _readable(actor, shown.listed)) if shown.pending else 0

    def waiting(self) -> int:
        """How many datasets were not in the index, or not in their newest revision, when it was last looked at; nothing
        is asked for it."""
        return self.indexing.waiting

    def close(self) -> None:
        """Close the index if it is open."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
                self._engine = None

    def _now(self) -> _Shown:
        listed, records, shown = self.contents.now(), self.engine.records(), self._shown
        if shown is None or shown.listed is not listed or shown.records is not records:
            shown = self._shown = _shown(listed, records)
        return shown


class Search:
    """Both sides. `start` keeps their indexes up to date until `close`; without it they are as `catch_up` left them."""

    def __init__(self, public: Side, private: Side) -> None:
        self.public = public
        self.private = private
        self._keeping = Keeping({"public": public.indexing, "private": private.indexing})

    @classmethod
    def over(cls, store: DataStore, opening: Opening) -> Self:
        """Search over the datasets of `store`; `opening` opens the index of a side."""
        return cls(Side("public", store.public, opening), Side("private", store.private, opening))

    def sides(self, actor: Actor, visibility: Literal["public", "private", "all"] = "all") -> Sequence[Side]:
        """The sides that `actor` asks with this choice: the private one only for somebody."""
        private = [self.private] if actor.known and visibility != "public" else []
        return private if visibility == "private" else [self.public, *private]

    def catch_up(self) -> str:
        """Bring both indexes up to date; a sentence on what was done, "" for nothing. Raises StoreError."""
        return self.bring_up_to_date().sentence

    def bring_up_to_date(self, tell: Tell = silently, *, anew: bool = False) -> Done:
        """Put in all that can be found, waiting for others who write; with `anew` make both indexes from nothing, while
        the old ones answer. Raises StoreError."""
        both = (self.public.indexing, self.private.indexing)
        return sum((one.make_anew(tell) if anew else one.catch_up(tell) for one in both), Done())

    def missing(self) -> Mapping[str, str]:
        """Why datasets, public and private, could not be put in when that was tried last, by `owner/name`: for whoever
        runs this installation."""
        return {**self.public.indexing.reasons(), **self.private.indexing.reasons()}

    def start(self) -> None:
        """Begin to follow the stores, in a thread of its own."""
        self._keeping.start()

    def close(self) -> None:
        """Stop, also in the midst of a dataset, which is left out then; close the indexes."""
        self._keeping.close()
        self.public.close()
        self.private.close()


def _shown(listed: Listed, records: Mapping[str, Record]) -> _Shown:
    hashes = {name: one.hash for name, one in records.items()}
    pending = frozenset(name for name, one in listed.listings.items() if hashes.get(name) != one.hash)
    return _Shown(records, listed, {name: one for name, one in records.items() if name in listed.listings}, pending)


def _readable(actor: Actor, listed: Listed) -> Iterator[str]:
    """The private datasets that `actor` may read. Only those are judged that a role could open."""
    if actor.administrator:
        asked = set(listed.listings)
    else:
        asked = {name for owner in actor.roles for name in listed.of_owners.get(owner, ())}
        asked |= actor.grants.keys() & listed.listings.keys()
    for name in asked:
        one = listed.listings[name]
        if may(actor, "read", one.owner, one.name, "private"):
            yield name
