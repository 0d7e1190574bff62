"""A build in the local cache: the database that answers for a revision, with its model and its statement.

Downloaded where the revision was derived; else derived here, from the DataStore alone, which is only read.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from openspending.analytics.cubemodel import from_spec
from openspending.analytics.factdb import FORM, copy_facts
from openspending.analytics.factfile import DerivedFacts, fact_file
from openspending.analytics.statement import BUILD, Built, derived_key, from_json, read_build, to_json
from openspending.analytics.stored import files
from openspending.analytics.stored import made as stored
from openspending.analytics.stored.catalogue import Catalogue
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision


@dataclass(frozen=True, slots=True)
class LocalBuild:
    """`path` is an immutable database with the table `facts` and the stored aggregates; `stored` is the derived
    `model.json`."""

    built: Built
    path: Path
    stored: Mapping[str, Any]


def local_build(store: ObjectStore, revision: Revision, cache: Path) -> LocalBuild:
    """The build of `revision` in the folder `cache`, made when it is not there yet.

    Raises StoreError when there are no derived files and the sources, by the rules of today, give none.
    """
    known = _known(store, revision, cache)
    if known is not None and known.path.exists():
        return known
    with tempfile.TemporaryDirectory(dir=cache, prefix="build-") as folder:
        facts = fact_file(store, revision, Path(folder))
        path = _database(cache, facts.built)
        if not path.exists():
            _move_into(path, facts, files.fetch(store, revision, facts.built, Path(folder) / "fetched"), Path(folder))
        if known is None:  # derived here: the next process is to find it
            note = {"built": to_json(facts.built), "model": facts.stored}
            unfinished = Path(folder) / "derived.json"
            unfinished.write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
            unfinished.replace(_derived_note(cache, revision))
        return LocalBuild(facts.built, path, facts.stored)


def _known(store: ObjectStore, revision: Revision, cache: Path) -> LocalBuild | None:
    """What the store says of the build, or what this cache derived before; its database may be gone."""
    built = read_build(store, revision)
    if built is not None:
        return LocalBuild(built, _database(cache, built), json.loads(store.get(derived_key(revision, "model.json"))))
    note = _derived_note(cache, revision)
    if not note.exists():
        return None
    known = json.loads(note.read_text(encoding="utf-8"))
    built = from_json(known["built"])
    return LocalBuild(built, _database(cache, built), known["model"])


def _derived_note(cache: Path, revision: Revision) -> Path:
    return cache / f"derived-{revision.hash.removeprefix('sha256:')[:32]}-{BUILD}.json"


def _database(cache: Path, built: Built) -> Path:
    return cache / f"facts_{built.hash.removeprefix('sha256:')[:32]}_{FORM}.duckdb"


def _move_into(path: Path, facts: DerivedFacts, fetched: Catalogue | None, folder: Path) -> None:
    """Copy facts and stored aggregates into a database of its own in `folder`, and move it into place when it is whole.

    What was `fetched` of these takes 0.5 s to copy, however many facts there are; else they are made from the facts.
    """
    unfinished = folder / path.name
    with duckdb.connect(str(unfinished)) as database:
        copy_facts(database, facts.file.path, from_spec(facts.stored["cube"]))
        if fetched is None:
            made = stored.make(database, facts.file.path, facts.stored, facts.built, folder / "made")
            files.load(database, made, folder / "made")
        else:
            files.load(database, fetched, folder / "fetched")
    unfinished.replace(path)
