"""The live cubes: one over the newest complete build of every public dataset, opened when first asked for.

Each build becomes one immutable local database file, named by its logical hash: it can be deleted at any time, is
never changed, and a newer build gets a new file, so no reader ever sees old rows under a new name.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import from_spec
from openspending.analytics.factdb import copy_facts
from openspending.analytics.statement import Built, derived_key, read_build
from openspending.datastore import layout, registry, revisions
from openspending.datastore.revisions import Revision
from openspending.datastore.store import DataStore
from openspending.errors import BadQuery, NotFound
from openspending.fdp.sqltext import identifier, literal

_PATIENCE: Final = 1.0  # seconds; asking a bucket for a newer revision takes longer than most queries


@dataclass(frozen=True, slots=True)
class _Open:
    revision: Revision
    cube: Cube


class LiveCubes:
    """The cubes of a DataStore. Safe to share between threads; every query runs on a cursor of one database."""

    def __init__(self, store: DataStore, cache: Path, *, memory_limit: str = "2GB", threads: int = 2) -> None:
        self._store = store
        self._cache = cache
        self._open: dict[tuple[str, str], _Open] = {}
        self._attached: set[str] = set()
        self._lock = threading.Lock()
        self._asked: dict[str, float] = {}  # when a following revision was last looked for
        self._patience = _PATIENCE if store.public.root.startswith("s3:") else 0.0
        cache.mkdir(parents=True, exist_ok=True)
        self._database = duckdb.connect(
            config={
                "memory_limit": memory_limit,
                "threads": threads,
                "temp_directory": str(cache / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )

    def close(self) -> None:
        """Close the database; cache files stay."""
        self._database.close()

    def names(self) -> list[str]:
        """`owner:name` of every dataset in the registry."""
        return [f"{one.owner}:{one.name}" for one in registry.datasets(self._store)]

    def cube(self, name: str) -> Cube:
        """The cube of the newest built revision of dataset `owner:name`. Raises NotFound."""
        return self._current(name).cube

    def package(self, name: str) -> tuple[Mapping[str, Any], str]:
        """Descriptor of the newest built revision and the key of its newest descriptor in the store."""
        current = self._current(name).revision
        return current.descriptor, layout.descriptor_key(current.owner, current.name)

    def _current(self, name: str) -> _Open:
        owner, _, dataset = name.partition(":")
        known = self._open.get((owner, dataset))
        if known is not None and not self._has_newer(known.revision):
            return known
        with self._lock:
            revision, built = self._newest_built(owner, dataset)
            known = self._open.get((owner, dataset))
            if known is None or known.revision.number != revision.number:
                known = _Open(revision, self._opened(name, revision, built))
                self._open[(owner, dataset)] = known
            return known

    def _has_newer(self, revision: Revision) -> bool:
        following = layout.revision_key(revision.owner, revision.name, revision.number + 1)
        now = time.monotonic()
        if self._patience and now < self._asked.get(following, now - self._patience) + self._patience:
            return False
        self._asked[following] = now
        return self._store.public.exists(following)

    def _newest_built(self, owner: str, dataset: str) -> tuple[Revision, Built]:
        latest = _latest(self._store, owner, dataset)
        for number in range(latest.number, 0, -1):
            revision = latest if number == latest.number else revisions.read(self._store, owner, dataset, number)
            built = read_build(self._store, revision)
            if built is not None:
                return revision, built
        raise NotFound(f"{owner}:{dataset} has no derived files yet. Run “openspending rebuild {owner}/{dataset}”.")

    def _opened(self, name: str, revision: Revision, built: Built) -> Cube:
        model = from_spec(json.loads(self._store.public.get(derived_key(revision, "model.json")))["cube"])
        schema = f"facts_{built.hash.removeprefix('sha256:')[:32]}"
        self._attach(schema, derived_key(revision, "facts.parquet"))
        relation = f"{identifier(schema)}.facts"
        counts = Cube(name, model, self._database, relation).cardinalities()
        return Cube(name, model.with_cardinalities(counts), self._database, relation)

    def _attach(self, schema: str, key: str) -> None:
        if schema in self._attached:
            return
        path = self._cache / f"{schema}.duckdb"
        if not path.exists():
            self._make(path, key)
        self._database.execute(f"ATTACH IF NOT EXISTS {literal(str(path))} AS {identifier(schema)} (READ_ONLY)")
        self._attached.add(schema)

    def _make(self, path: Path, key: str) -> None:
        """Copy the Parquet file into a database of its own, beside, and move it into place when it is whole."""
        parquet = path.with_suffix(f".{os.getpid()}.parquet")
        unfinished = path.with_suffix(f".{os.getpid()}.unfinished")
        unfinished.unlink(missing_ok=True)
        self._store.public.download(key, parquet)
        try:
            with duckdb.connect(str(unfinished)) as database:
                copy_facts(database, parquet)
            unfinished.replace(path)
        finally:
            parquet.unlink(missing_ok=True)


def _latest(store: DataStore, owner: str, dataset: str) -> Revision:
    try:
        latest = revisions.latest(store, owner, dataset)
    except BadQuery:  # a name that no dataset can have
        latest = None
    if latest is None:
        raise NotFound(f"There is no dataset {owner[:100]}:{dataset[:100]}.")
    return latest
