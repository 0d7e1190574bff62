"""The files of stored aggregates: put beside a build, fetched from there, and copied into a local database."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

import duckdb

from openspending.analytics.statement import Built, derived_key
from openspending.analytics.stored.catalogue import CATALOGUE, Catalogue, Cuboid, catalogue_from
from openspending.analytics.stored.planner import Stored
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.errors import NotFound
from openspending.fdp.sqltext import identifier, literal

FOLDER: Final = "aggregates/"
_TYPES: Final = {".parquet": "application/vnd.apache.parquet", ".json": "application/json"}
_TABLE: Final = "stored_aggregates"  # of a local database: the catalogue of those that are in it


def put(store: ObjectStore, revision: Revision, folder: Path) -> None:
    """Put the files that `made.make` wrote into `folder` beside the build of `revision`, the catalogue last."""
    files = sorted(path for path in folder.iterdir() if path.name != CATALOGUE)
    for path in [*files, folder / CATALOGUE]:
        store.put(derived_key(revision, FOLDER + path.name), path, content_type=_TYPES[path.suffix])


def fetch(store: ObjectStore, revision: Revision, built: Built, folder: Path) -> Catalogue | None:
    """The stored aggregates of the facts that `built` states of `revision`, in `folder`; None where there are none.

    Files with other bytes than the catalogue says, as while they are replaced, are left out: what they would answer is
    answered from others, or from the facts.
    """
    try:
        listed = catalogue_from(json.loads(store.get(derived_key(revision, FOLDER + CATALOGUE))))
    except NotFound:
        return None
    if listed.hash != built.hash:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    whole = [one for one in listed.cuboids if _fetched(store, revision, one, folder)]
    return Catalogue(listed.facts, listed.hash, tuple(whole))


def _fetched(store: ObjectStore, revision: Revision, cuboid: Cuboid, folder: Path) -> bool:
    path = _parquet(folder, cuboid)
    try:
        store.download(derived_key(revision, FOLDER + path.name), path)
    except NotFound:
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == cuboid.sha256


def load(database: duckdb.DuckDBPyConnection, catalogue: Catalogue, folder: Path) -> None:
    """Copy the cuboids in `folder` into a database that has the table `facts`: each a table called by its id, with its
    columns as they are in the facts, dictionaries included."""
    for one in catalogue.cuboids:
        columns = dict.fromkeys(one.columns.values())
        source = f"read_parquet({literal(str(_parquet(folder, one)))})"
        shown = [f"facts.{identifier(name)}" for name in columns] + [f"c.{identifier(name)}" for name in one.sums]
        database.execute(
            f"CREATE TABLE {identifier(one.id)} AS SELECT {', '.join(shown)} FROM facts, {source} AS c LIMIT 0"
        )
        database.execute(f"INSERT INTO {identifier(one.id)} BY NAME SELECT * FROM {source}")
    database.execute(f"CREATE TABLE {_TABLE} AS SELECT ? AS catalogue", [json.dumps(catalogue.to_json())])


def loaded(database: duckdb.DuckDBPyConnection, schema: str) -> Stored:
    """The cuboids in the attached local database `schema`; none where it was made without them."""
    try:
        with database.cursor() as cursor:
            ((text,),) = cursor.execute(f"SELECT catalogue FROM {identifier(schema)}.{_TABLE}").fetchall()
    except duckdb.CatalogException:
        return Stored()
    return Stored(catalogue_from(json.loads(text)).cuboids, schema)


def _parquet(folder: Path, cuboid: Cuboid) -> Path:
    return folder / f"{cuboid.id}.parquet"
