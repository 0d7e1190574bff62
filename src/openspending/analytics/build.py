"""Derivation: makes the derived files of a revision, `facts.parquet`, `model.json` and, last, `build.json`.

A pure function of (revision, build version): the same input gives the same logical hash, on any machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from openspending.analytics.cubenames import cube_spec
from openspending.analytics.facts import FactTable, fact_table
from openspending.analytics.statement import BUILD, Built, derived_key, read_build, state
from openspending.datastore import layout
from openspending.datastore.manifest import Damaged
from openspending.datastore.revisions import Revision
from openspending.datastore.store import DataStore
from openspending.etl.check import Checked, check
from openspending.etl.sourcefile import SourceFile, source_file
from openspending.etl.workspace import Workspace
from openspending.fdp.denormalise import plan
from openspending.fdp.model_of import model_of
from openspending.fdp.package import Package
from openspending.fdp.problems import PackageRejected, Report
from openspending.fdp.sqltext import identifier, literal
from openspending.fdp.versions import read_package, write_descriptor


def build(
    store: DataStore, revision: Revision, checked: Checked, workspace: Workspace, *, replace: bool = False
) -> Built:
    """Derive `revision` from tables that `etl.check` has just loaded, and put the files beside it.

    What exists already is kept unless `replace`. Readers see the build when `build.json` exists, never before.
    """
    existing = read_build(store, revision)
    if existing is not None and not replace:
        return existing
    package = stored_package(revision)
    table = workspace.folder / f"{revision.owner}.{revision.name}.r{revision.number}.facts.parquet"
    built = write_facts(package, checked, workspace.connection, table)
    for key, data, kind in _derived_files(revision, package, checked, built, table):
        store.public.put(derived_key(revision, key), data, content_type=kind)
    state(store, revision, built, replace=replace)
    table.unlink()
    return built


def load(store: DataStore, revision: Revision, workspace: Workspace) -> Checked:
    """The checked tables of a stored revision. Raises PackageRejected when its bytes no longer fit its descriptor."""
    package = stored_package(revision)
    model, problems = model_of(package)
    if model is None:
        raise PackageRejected(Report(problems))
    files = {path: _fetched(store, revision, path, workspace.folder) for one in package.resources for path in one.paths}
    checked = check(workspace.connection, package, model, files, None)
    if not checked.report.valid:
        raise PackageRejected(checked.report)
    return checked


def stored_package(revision: Revision) -> Package:
    """The package of a revision, its paths pointing into the DataStore."""
    package, problems = read_package(write_descriptor(revision.descriptor))
    if package is None:
        raise PackageRejected(Report(problems))
    return package


def _fetched(store: DataStore, revision: Revision, path: str, folder: Path) -> SourceFile:
    """A stored source file, downloaded. Raises Damaged unless its bytes are those that its path names."""
    target = folder / "sources" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    store.public.download(f"{layout.dataset_prefix(revision.owner, revision.name)}/{path}", target)
    found = source_file(target)
    if found.sha256 != layout.sha256_of(path):
        raise Damaged(f"{revision.id}: {path} holds other bytes than its sha-256 says; restore it from a copy.")
    return found


def write_facts(package: Package, checked: Checked, connection: duckdb.DuckDBPyConnection, target: Path) -> Built:
    """Write the fact table of checked tables to `target` as Parquet; returns count, exact sums and logical hash."""
    made, problems = plan(package, checked.model)
    if made is None:
        raise PackageRejected(Report(problems))
    facts = fact_table(made, checked.model, checked)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW fact AS {facts.select}")
    _tell_repeats_apart(connection, facts)
    columns = ", ".join(f"fact.{identifier(name)}" for name in facts.columns)
    connection.execute(
        f"COPY (SELECT {columns}, fact._file, fact._row, "
        f"{facts.rid} || coalesce('-' || repeat.occurrence, '') AS _rid "
        f"FROM fact LEFT JOIN repeat USING (_file, _row, _n)) "
        f"TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)"
    )
    return _summary(connection, checked, target)


def _tell_repeats_apart(connection: duckdb.DuckDBPyConnection, facts: FactTable) -> None:
    """Table `repeat`: the second and further occurrence of each content. Two identical rows are two facts.

    A cheap 64-bit hash finds the few candidates first; the content ids decide.
    """
    columns = ", ".join(identifier(name) for name in facts.columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE candidate AS "
        f"SELECT h FROM (SELECT hash({columns}) AS h FROM fact) GROUP BY h HAVING count(*) > 1"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE repeat AS SELECT _file, _row, _n, occurrence FROM ("
        f"SELECT _file, _row, _n, row_number() OVER (PARTITION BY rid ORDER BY _file, _row, _n) AS occurrence "
        f"FROM (SELECT _file, _row, _n, {facts.rid} AS rid FROM fact "
        f"WHERE hash({columns}) IN (SELECT h FROM candidate))) WHERE occurrence > 1"
    )


def _summary(connection: duckdb.DuckDBPyConnection, checked: Checked, facts: Path) -> Built:
    """Counts, sums and the logical hash: of the columns and, order-free, of every fact's content id, file and row."""
    sums = [f"sum({identifier(one.column)})" for one in checked.model.measures]
    source = f"read_parquet({literal(str(facts))})"
    columns = [column[:2] for column in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    # 60 bits of each content id, added up alone and times its row number: moving a fact shows as well as changing it.
    number = "CAST(CAST('0x' || left(_rid, 15) AS BIGINT) AS HUGEINT)"
    contents = connection.execute(
        f"SELECT _file, count(*), CAST(sum({number}) AS VARCHAR), CAST(sum({number} * _row) AS VARCHAR) "
        f"FROM {source} GROUP BY _file ORDER BY _file"
    ).fetchall()
    totals = connection.execute(f"SELECT count(*), {', '.join(sums)} FROM {source}").fetchone()
    assert totals is not None  # an aggregate without GROUP BY always has one row
    content = json.dumps([BUILD, columns, contents], ensure_ascii=False).encode()
    measures = {one.name: total for one, total in zip(checked.model.measures, totals[1:], strict=True)}
    return Built(facts=totals[0], measures=measures, hash=f"sha256:{hashlib.sha256(content).hexdigest()}")


def _derived_files(
    revision: Revision, package: Package, checked: Checked, built: Built, facts: Path
) -> Sequence[tuple[str, bytes | Path, str]]:
    spec = cube_spec(checked.model, package, owner=revision.owner, name=revision.name)
    model = {"model": checked.model.to_dict(), "cube": spec, "facts": built.facts}
    text = json.dumps(model, ensure_ascii=False, indent=1) + "\n"
    return (
        ("facts.parquet", facts, "application/vnd.apache.parquet"),
        ("model.json", text.encode(), "application/json"),
    )
