"""A fact table as a local file: a revision's, downloaded or, where it was never derived, made from its sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openspending.analytics.build import load, make, stored_package
from openspending.analytics.statement import Built, derived_key, read_build
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.errors import StoreError
from openspending.etl.workspace import Workspace
from openspending.fdp.model import Model
from openspending.fdp.problems import PackageRejected


@dataclass(frozen=True, slots=True)
class FactFile:
    """A fact table as Parquet file, and the Model that says what its columns are."""

    path: Path
    model: Model


@dataclass(frozen=True, slots=True)
class DerivedFacts:
    """The facts of a revision as a file, with what its build stated, and the derived `model.json` as `stored`."""

    file: FactFile
    built: Built
    stored: Mapping[str, Any] = field(repr=False)


def fact_file(store: ObjectStore, revision: Revision, folder: Path) -> DerivedFacts:
    """The facts of `revision` as a file in `folder`; the store is only read.

    Raises StoreError when there are no derived files and the sources, by the rules of today, give none.
    """
    path = folder / f"r{revision.number}.parquet"
    built = read_build(store, revision)
    if built is not None:
        store.download(derived_key(revision, "facts.parquet"), path)
        stored = json.loads(store.get(derived_key(revision, "model.json")))
        return DerivedFacts(FactFile(path, Model.from_dict(stored["model"])), built, stored)
    with Workspace(folder) as workspace:
        try:
            checked = load(store, revision, workspace)
            package = stored_package(revision.descriptor)
            made = make(package, checked, workspace, owner=revision.owner, name=revision.name)
        except PackageRejected as refusal:
            raise StoreError(f"The facts of {revision.id} cannot be derived: {refusal}") from refusal
        made.facts.replace(path)
        return DerivedFacts(FactFile(path, checked.model), made.built, json.loads(made.model))
