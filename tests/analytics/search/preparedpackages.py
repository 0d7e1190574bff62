"""Packages committed into a store and made ready for an index."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openspending.analytics.search.preparing import PreparedDataset, prepare
from openspending.datastore import revisions
from openspending.datastore.store import open_datastore
from openspending.etl.sourcefile import source_file
from openspending.fdp.versions import package_of

TAXONOMIES = "https://specs.frictionlessdata.io/taxonomies/fiscal"


@contextmanager
def prepared(package: Path, folder: Path) -> Iterator[PreparedDataset]:
    """The package in a folder, committed as the only revision of demo/name; its facts are derived on the way."""
    store = open_datastore(f"file://{folder}/public", f"file://{folder}/private").public
    raw = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    found, _ = package_of(raw)
    assert found is not None
    files = {path: source_file(package / path) for one in found.resources for path in one.paths}
    now = datetime.now(UTC)
    made = revisions.commit(store, "demo", package.name, raw, files, message="", author="demo", now=now)
    with prepare(store, made.revision, 7, folder / "work") as one:
        yield one


def write(folder: Path, fields: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[object]], **further: Any) -> Path:
    """A package of one table, written into `folder`."""
    folder.mkdir()
    with (folder / "lines.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[one["name"] for one in fields], *rows])
    descriptor = {
        "name": folder.name,
        "columnTypes": [f"{TAXONOMIES}/{name}.json" for name in ("budgets", "spending", "openspending")],
        "resources": [{"name": "lines", "path": "lines.csv", "encoding": "utf-8", "schema": {"fields": list(fields)}}],
        **further,
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def shorter(package: Path, folder: Path, rows: int = 200) -> Path:
    """A copy in `folder` of a package, whose tables have only the first `rows`: to check and derive all takes long."""
    shutil.copytree(package, folder)
    for path in folder.rglob("*.csv"):
        kept = path.read_text(encoding="utf-8").splitlines(keepends=True)[: rows + 1]
        path.write_text("".join(kept), encoding="utf-8")
    return folder


def field(name: str, column_type: str, type_: str = "string", **further: Any) -> dict[str, Any]:
    """A field of such a table."""
    return {"name": name, "type": type_, "columnType": column_type, **further}


def lines(one: PreparedDataset) -> list[dict[str, Any]]:
    """All lines as dicts."""
    return [line for batch in one.prepared.lines() for line in batch.to_pylist()]


def members(one: PreparedDataset) -> list[dict[str, Any]]:
    """All members as dicts."""
    return [member for batch in one.prepared.members() for member in batch.to_pylist()]
