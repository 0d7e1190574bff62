"""The live cubes: one over every revision of a store that is asked for, opened when first asked.

Each build becomes one immutable local database file, named by its logical hash: it can be deleted at any time, is
never changed, and a newer build gets a new file, so no reader ever sees old rows under a new name. What has no derived
files is derived here, from the DataStore alone, into the local cache.

What the changelog says of a dataset beside new revisions (it was hidden, withdrawn, renamed) makes it forgotten.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

import duckdb

from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import BY_SIGN, FUNCTIONS, from_spec
from openspending.analytics.factdb import layout_of
from openspending.analytics.following import Following, looking_in, patience_with
from openspending.analytics.guards.roles import roles_of
from openspending.analytics.localbuild import LocalBuild, local_build
from openspending.analytics.proving.sourcefiles import SourceFiles
from openspending.analytics.statement import Built, read_build
from openspending.analytics.stored import files as stored
from openspending.analytics.watch import Watch
from openspending.datastore import layout, registry, revisions, versions
from openspending.datastore.changelog import COMMIT, Entry
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.errors import BadQuery, NotFound
from openspending.fdp.sqltext import identifier, literal
from openspending.speaking.said import said

_MANIFESTS: Final = 1_000  # of numbered revisions that are kept; one has some kilobytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A revision that can be asked. `cube` has all functions and all columns; `babbage` what clients of the old API
    know. `path` is its local database, whose table `facts` has all facts; `stored` is its derived `model.json`."""

    revision: Revision
    built: Built
    cube: Cube
    babbage: Cube
    path: Path
    stored: Mapping[str, Any] = field(repr=False)


class LiveCubes:
    """The cubes of a DataStore, and their source files. Safe to share between threads; every query runs on a cursor of
    one database."""

    def __init__(
        self,
        store: ObjectStore,
        cache: Path,
        *,
        memory_limit: str = "2GB",
        threads: int = 2,
        seconds: float | None = None,
        beside: LiveCubes | None = None,
    ) -> None:
        self.store = store
        self.sources = SourceFiles(store, cache / "sources")
        self._cache = cache
        self._newest: dict[tuple[str, str], Revision] = {}
        self._numbered = lru_cache(maxsize=_MANIFESTS)(self._read_numbered)
        self._opened: dict[str, Opened] = {}  # by the hash of the manifest
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._asked: dict[str, float] = {}  # when a following revision was last looked for
        self._patience = patience_with(store)
        self._following = Following(store)
        self._there = looking_in(store)
        self._here: set[tuple[str, str]] = set()  # datasets that are certain to be in the store
        self._away: set[tuple[str, str]] = set()  # … that the changelog says have left it, though that may take a while
        self._forgotten = 0
        self._when_forgotten: list[Callable[[], None]] = []
        self._schema = "" if beside is None else "beside_"
        cache.mkdir(parents=True, exist_ok=True)
        self._owns = beside is None
        self._watch: Watch = Watch(seconds) if beside is None else beside._watch  # noqa: SLF001 - of the same kind
        self._database: duckdb.DuckDBPyConnection = (
            _database(cache, memory_limit, threads) if beside is None else beside._database  # noqa: SLF001
        )

    def beside(self, store: ObjectStore, cache: Path) -> Self:
        """The cubes of another store, which share this one's database, and with it its limits; they end with it."""
        return type(self)(store, cache, beside=self)

    def close(self) -> None:
        """Close the database; cache files stay."""
        if self._owns:
            self._watch.close()
            self._database.close()

    def count(self) -> int:
        """How many cubes are open."""
        return len(self._opened)

    def memory(self) -> int:
        """Bytes that the database holds in memory."""
        found = self._database.cursor().execute("SELECT memory_usage_bytes FROM duckdb_memory()").fetchall()
        return sum(held for (held,) in found)

    def names(self) -> list[str]:
        """`owner:name` of every dataset in the registry."""
        return [f"{one.owner}:{one.name}" for one in registry.datasets(self.store)]

    def has(self, owner: str, name: str) -> bool:
        """Whether the dataset is in the store: so it is for ever once it is known, unless the changelog says else."""
        self.follow()
        place, forgotten = (owner, name), self._forgotten
        if place in self._here:
            return True
        try:
            found = self.store.exists(layout.revision_key(owner, name, 1))
        except BadQuery:  # a name that no dataset can have
            return False
        with self._lock:
            if found and place not in self._away and forgotten == self._forgotten:
                self._here.add(place)
        return found

    def has_at_hand(self, owner: str, name: str) -> bool:
        """Whether the dataset is known to be in the store, which is found out without asking a bucket."""
        return not self._following.asks and (owner, name) in self._here and self.has(owner, name)

    def follow(self) -> None:
        """Forget what the changelog says has left the store, which is looked at once a second at most in a bucket."""
        self._following.follow(self._hear)

    def when_forgotten(self, tell: Callable[[], None]) -> None:
        """Have `tell` called whenever a dataset has left the store."""
        self._when_forgotten.append(tell)

    def _hear(self, entry: Entry | None) -> None:
        """What the changelog says. Of what cannot be read everything has to be forgotten."""
        if entry is None:
            for place in {*self._here, *self._newest}:
                self._forget(*place)
        elif entry.action != COMMIT:
            self._forget(entry.owner, entry.dataset)
            (self._away.add if entry.gone else self._away.discard)((entry.owner, entry.dataset))
            owner, _, name = entry.to.partition("/")
            self._away.discard((owner, name))

    def _forget(self, owner: str, name: str) -> None:
        with self._lock:
            self._forgotten += 1
            self._here.discard((owner, name))
        self._newest.pop((owner, name), None)
        self._numbered.cache_clear()
        gone = self.open_ones(owner, name)
        for one in gone:
            self._opened.pop(one.revision.hash, None)
        kept = {one.path for one in list(self._opened.values())}
        for one in gone:
            self.sources.forget(one.revision)
            if one.path not in kept:
                one.path.unlink(missing_ok=True)  # who reads it just now can do so to the end
        for tell in self._when_forgotten:
            tell()

    def cube(self, name: str) -> Cube:
        """The cube of the newest built revision of dataset `owner:name`. Raises NotFound."""
        return self._current(name).babbage

    def package(self, name: str) -> tuple[Mapping[str, Any], str]:
        """Descriptor of the newest built revision and the key of its newest descriptor in the store."""
        current = self._current(name).revision
        return current.descriptor, layout.descriptor_key(current.owner, current.name)

    def at(self, owner: str, name: str, version: str | None = None) -> Opened:
        """What `version` names (see `datastore.versions`); without one the newest revision that is built, if any is.

        Raises NotFound, BadQuery for what is no version, StoreError when its facts can be had nowhere.
        """
        return self.opened(self.revision(owner, name, version))

    def revision(self, owner: str, name: str, version: str | None = None) -> Revision:
        """The revision that `at` would open, without opening its facts. Raises NotFound and BadQuery."""
        if version is None:
            return self._newest_known(owner, name) or versions.resolve(self.store, owner, name)
        if version.isdecimal():  # a numbered revision never changes, so that its manifest is read once
            return self._numbered(owner, name, version)
        return versions.resolve(self.store, owner, name, version)

    def _read_numbered(self, owner: str, name: str, version: str) -> Revision:
        return versions.resolve(self.store, owner, name, version)

    def _current(self, name: str) -> Opened:
        """What clients of the old API get: they do not wait for a build, they are told that there is none yet."""
        owner, _, dataset = name.partition(":")
        revision = self._newest_known(owner, dataset)
        if revision is None:
            raise NotFound(
                said(
                    "{name} has no derived files yet. Run “openspending rebuild {owner}/{dataset}”.",
                    name=name,
                    owner=owner,
                    dataset=dataset,
                )
            )
        return self.opened(revision)

    def _newest_known(self, owner: str, name: str) -> Revision | None:
        """The newest built revision; None when none of the dataset's is. Raises NotFound for no dataset."""
        known = self._newest.get((owner, name))
        if known is None or self._has_newer(known):
            known = self._newest_built(owner, name)
            if known is not None:
                self._newest[owner, name] = known
        return known

    def _has_newer(self, revision: Revision) -> bool:
        following = layout.revision_key(revision.owner, revision.name, revision.number + 1)
        now = time.monotonic()
        if self._patience and now < self._asked.get(following, now - self._patience) + self._patience:
            return False
        self._asked[following] = now
        return self._there(following)

    def _newest_built(self, owner: str, dataset: str) -> Revision | None:
        """The newest revision with derived files."""
        latest = versions.resolve(self.store, owner, dataset)
        for number in range(latest.number, 0, -1):
            revision = latest if number == latest.number else revisions.read(self.store, owner, dataset, number)
            if read_build(self.store, revision) is not None:
                return revision
        return None

    def opened(self, revision: Revision) -> Opened:
        """`revision`, opened once: whoever asks for it meanwhile waits, whoever asks for another does not."""
        found = self._opened.get(revision.hash)
        if found is not None:
            return found
        with self._lock_of(revision.hash):
            found = self._opened.get(revision.hash)
            if found is None:
                found = self._attached(revision, local_build(self.store, revision, self._cache))
                self._opened[revision.hash] = found
            return found

    def open_ones(self, owner: str, name: str) -> list[Opened]:
        """The revisions of a dataset that are open already, the newest first."""
        found = [one for one in list(self._opened.values()) if (one.revision.owner, one.revision.name) == (owner, name)]
        return sorted(found, key=lambda one: -one.revision.number)

    def _lock_of(self, key: str) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())

    def _attached(self, revision: Revision, local: LocalBuild) -> Opened:
        schema = self._schema + local.path.stem
        self._database.cursor().execute(
            f"ATTACH IF NOT EXISTS {literal(str(local.path))} AS {identifier(schema)} (READ_ONLY)"
        )
        relation = f"{identifier(schema)}.facts"
        name = f"{revision.owner}:{revision.name}"
        plain = from_spec(local.stored["cube"])
        roles, aggregates = roles_of(local.stored), stored.loaded(self._database, schema)
        layout = layout_of(self._database, schema)
        plainly = Cube(name, plain, self._database, relation, roles, aggregates, layout, self._watch)
        model = plain.with_cardinalities(plainly.cardinalities())
        babbage = Cube(name, model, self._database, relation, roles, aggregates, layout, self._watch)
        whole = model.with_functions((*FUNCTIONS, *BY_SIGN)).with_types(babbage.kinds())
        cube = Cube(name, whole, self._database, relation, roles, aggregates, layout, self._watch)
        return Opened(revision, local.built, cube, babbage, local.path, local.stored)


def _database(folder: Path, memory_limit: str, threads: int) -> duckdb.DuckDBPyConnection:
    """A database in memory, which spills into `folder`."""
    return duckdb.connect(
        config={
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
