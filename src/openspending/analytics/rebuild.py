"""Rebuild: everything derived, made again from the DataStore alone, and compared with what was recorded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openspending.analytics import downloads
from openspending.analytics.build import load, make, put, stored_package
from openspending.analytics.factfile import FactFile
from openspending.analytics.statement import BUILD, Built, read_build, recorded
from openspending.datastore import changelog, homes, registry, revisions
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.datastore.store import DataStore
from openspending.errors import NotFound
from openspending.etl.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One dataset's newest revision after a rebuild. `made` tells whether the facts were derived; `same` whether the
    logical hash equals the recorded one (None: not compared, or nothing on record); `undone` which files could not be
    made, and why."""

    dataset: str
    revision: int
    build: str
    facts: int
    hash: str
    made: bool
    same: bool | None
    undone: str = ""


def rebuild(
    store: ObjectStore, name: str | None = None, *, verify: bool = False, workdir: Path | None = None
) -> Iterator[Rebuilt]:
    """Derive the newest revision of every dataset (or of `owner/name`), one result at a time.

    What exists is kept, and files to download that are missing are made; with `verify` all is made again, compared and
    replaced. The registry is made anew first. Raises NotFound for an unknown name, PackageRejected when stored bytes no
    longer fit their descriptor.
    """
    registry.rebuild(store)
    for owner, dataset in _wanted(store, name):
        revision = revisions.latest(store, owner, dataset)
        if revision is None:
            raise NotFound(f"There is no dataset {owner}/{dataset}.")
        yield _one(store, revision, verify=verify, workdir=workdir)


def rebuild_all(
    store: DataStore, name: str | None = None, *, verify: bool = False, workdir: Path | None = None
) -> Iterator[Rebuilt]:
    """As `rebuild`, for the datasets of both stores, each in its home. Raises Conflict also for one that is moved
    meanwhile, NotFound (Withdrawn, Renamed) for a name that is no dataset's now."""
    if name is not None:
        home = homes.place(store, *_address(name))
        yield from rebuild(home.objects, name, verify=verify, workdir=workdir)
        return
    for objects in (store.public, store.private):
        # a private store without a changelog is empty, and need not be there at all
        if objects is store.public or changelog.end(objects):
            registry.rebuild(objects)
        for one in registry.datasets(objects):
            home = homes.place(store, one.owner, one.name)
            revision = revisions.latest(home.objects, one.owner, one.name)
            if revision is not None:
                yield _one(home.objects, revision, verify=verify, workdir=workdir)


def derive(store: ObjectStore, revision: Revision, workdir: Path) -> Rebuilt:
    """Derive what of one revision is missing. Raises PackageRejected as `rebuild` does."""
    return _one(store, revision, verify=False, workdir=workdir)


def _wanted(store: ObjectStore, name: str | None) -> list[tuple[str, str]]:
    if name is None:
        return [(one.owner, one.name) for one in registry.datasets(store)]
    return [_address(name)]


def _address(name: str) -> tuple[str, str]:
    owner, _, dataset = name.replace(":", "/").partition("/")
    return owner, dataset


def _one(store: ObjectStore, revision: Revision, *, verify: bool, workdir: Path | None) -> Rebuilt:
    existing = read_build(store, revision)
    with tempfile.TemporaryDirectory(dir=workdir, prefix="rebuild-") as folder:
        if existing is not None and not verify:
            outcome = downloads.ensure(store, revision, Path(folder))
            return _result(revision, existing, outcome, made=False, same=None)
        known = [one.hash for one in (recorded(store, revision), existing) if one is not None]
        with Workspace(Path(folder)) as workspace:
            checked = load(store, revision, workspace)
            package = stored_package(revision.descriptor)
            made = make(package, checked, workspace, owner=revision.owner, name=revision.name)
            old = downloads.withdraw(store, revision)
            built = put(store, revision, made, workspace, replace=True)
            workspace.connection.close()  # the tables are gone: their memory is needed
            facts = FactFile(made.facts, checked.model)
            outcome = downloads.ensure(store, revision, workspace.folder, facts, old=old)
    same = all(one == built.hash for one in known) if verify and known else None
    return _result(revision, built, outcome, made=True, same=same)


def _result(revision: Revision, built: Built, outcome: downloads.Outcome, *, made: bool, same: bool | None) -> Rebuilt:
    dataset = f"{revision.owner}/{revision.name}"
    return Rebuilt(dataset, revision.number, BUILD, built.facts, built.hash, made, same, outcome.problem)
