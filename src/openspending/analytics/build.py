"""Derivation: makes the derived files of a revision: `facts.parquet`, `model.json`, aggregates and, last, `build.json`.

A pure function of (revision, build version): the same input gives the same logical hash, on any machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from openspending.analytics.cubemodel import from_spec
from openspending.analytics.cubenames import cube_spec
from openspending.analytics.facts import FactTable, fact_table
from openspending.analytics.guards.rolesfound import find_roles
from openspending.analytics.statement import BUILD, Built, Sums, derived_key, read_build, state
from openspending.analytics.stored import files
from openspending.analytics.stored import made as stored
from openspending.datastore import layout
from openspending.datastore.manifest import Damaged
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.etl.check import Checked, check
from openspending.etl.sourcefile import SourceFile, source_file
from openspending.etl.workspace import Workspace
from openspending.fdp.denormalise import plan
from openspending.fdp.model_of import model_of
from openspending.fdp.package import Package
from openspending.fdp.problems import PackageRejected, Report
from openspending.fdp.sqltext import identifier, literal
from openspending.fdp.versions import package_of

JUDGED_AT_COMMIT: Final = frozenset({"fiscal/total-rows", "fiscal/stacked-twice", "fiscal/part-twice"})


@dataclass(frozen=True, slots=True)
class Made:
    """The derived files of a revision before they are put into a store: the statement, the fact file, the model."""

    built: Built
    facts: Path
    model: bytes


def make(package: Package, checked: Checked, workspace: Workspace, *, owner: str, name: str) -> Made:
    """Derive the files of `package`, whose paths are the stored ones, from tables that `etl.check` has just loaded.

    Needs no store, so that publishing can fail here before anything is committed.
    """
    facts = workspace.folder / "facts.parquet"
    connection = workspace.connection
    table = fact_view(package, checked, connection)
    write_facts(table, connection, facts)
    spec = cube_spec(checked.model, package, owner=owner, name=name)
    built = _summary(connection, checked, facts)
    source = f"read_parquet({literal(str(facts))})"
    roles = find_roles(connection, source, checked, from_spec(spec))
    model = {"model": checked.model.to_dict(), "cube": spec, "facts": built.facts, "roles": roles.to_stored()}
    text = json.dumps(model, ensure_ascii=False, indent=1) + "\n"
    return Made(built, facts, text.encode())


def put(store: ObjectStore, revision: Revision, made: Made, workspace: Workspace, *, replace: bool = False) -> Built:
    """Put the files of a build, which were made in `workspace`, beside `revision`. What exists already is kept unless
    `replace`.

    Readers see the build when `build.json` exists, which is written last.
    """
    existing = read_build(store, revision)
    if existing is not None and not replace:
        return existing
    parquet = "application/vnd.apache.parquet"
    store.put(derived_key(revision, "facts.parquet"), made.facts, content_type=parquet)
    store.put(derived_key(revision, "model.json"), made.model, content_type="application/json")
    aggregates = workspace.folder / "aggregates"
    stored.make(workspace.connection, made.facts, json.loads(made.model), made.built, aggregates)
    files.put(store, revision, aggregates)
    state(store, revision, made.built, replace=replace)
    return made.built


def load(store: ObjectStore, revision: Revision, workspace: Workspace) -> Checked:
    """The checked tables of a stored revision. Raises PackageRejected when its bytes do not fit its descriptor.

    What is a judgement about sound numbers was made at the commit; a stricter one must not undo history.
    """
    package = stored_package(revision.descriptor)
    model, problems = model_of(package)
    if model is None:
        raise PackageRejected(Report(problems))
    files = {path: _fetched(store, revision, path, workspace.folder) for one in package.resources for path in one.paths}
    checked = check(workspace.connection, package, model, files)
    if any(one.code not in JUDGED_AT_COMMIT for one in checked.report.errors):
        raise PackageRejected(checked.report)
    return checked


def stored_package(descriptor: Mapping[str, Any]) -> Package:
    """The package of a stored descriptor: its paths point into the DataStore."""
    package, problems = package_of(descriptor)
    if package is None:
        raise PackageRejected(Report(problems))
    return package


def _fetched(store: ObjectStore, revision: Revision, path: str, folder: Path) -> SourceFile:
    """A stored source file, downloaded. Raises Damaged unless its bytes are those that its path names."""
    target = folder / "sources" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    store.download(layout.stored_key(revision.owner, revision.name, path), target)
    found = source_file(target)
    if found.sha256 != layout.sha256_of(path):
        raise Damaged(f"{revision.id}: {path} holds other bytes than its sha-256 says; restore it from a copy.")
    return found


def fact_view(package: Package, checked: Checked, connection: duckdb.DuckDBPyConnection) -> FactTable:
    """The fact table of checked tables as the view `fact` of their connection; nothing is computed yet."""
    made, problems = plan(package, checked.model)
    if made is None:
        raise PackageRejected(Report(problems))
    facts = fact_table(made, checked.model, checked)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW fact AS {facts.select}")
    return facts


def write_facts(facts: FactTable, connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write the view `fact` to `target` as Parquet, in the order of the source, each fact with its content id."""
    columns = ", ".join(f"fact.{identifier(name)}" for name in facts.columns)
    lineage = ", ".join(f"fact.{name}" for name in facts.lineage)
    source, rid = "fact", facts.rid
    if _tell_repeats_apart(connection, facts):
        source = "fact LEFT JOIN repeat USING (_file, _row, _n)"
        rid = f"{facts.rid} || coalesce('-' || repeat.occurrence, '')"
    # Joined the other way round the facts would lose their order, and all of them would have to fit into memory.
    connection.execute("SET disabled_optimizers = 'build_side_probe_side'")
    connection.execute(
        f"COPY (SELECT {columns}, {lineage}, {rid} AS _rid FROM {source}) "
        f"TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)"
    )
    connection.execute("RESET disabled_optimizers")


def add_up(checked: Checked, connection: duckdb.DuckDBPyConnection, source: str = "fact") -> tuple[int, Sums]:
    """Number of facts and exact sum of each measure (None: no amount at all) in `source`, the view or a fact file."""
    sums = ", ".join(f"sum({identifier(one.column)})" for one in checked.model.measures)
    ((count, *totals),) = connection.execute(f"SELECT count(*), {sums} FROM {source}").fetchall()
    return count, {one.name: total for one, total in zip(checked.model.measures, totals, strict=True)}


def _tell_repeats_apart(connection: duckdb.DuckDBPyConnection, facts: FactTable) -> bool:
    """Whether there are contents that occur more than once; then table `repeat` has their further occurrences.

    Two identical rows are two facts. A cheap 64-bit hash finds the few candidates first; the content ids decide.
    """
    columns = ", ".join(identifier(name) for name in facts.columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE candidate AS "
        f"SELECT h FROM (SELECT hash({columns}) AS h FROM fact) GROUP BY h HAVING count(*) > 1"
    )
    if not connection.execute("SELECT count(*) FROM candidate").fetchall()[0][0]:
        return False
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE repeat AS SELECT _file, _row, _n, occurrence FROM ("
        f"SELECT _file, _row, _n, row_number() OVER (PARTITION BY rid ORDER BY _file, _row, _n) AS occurrence "
        f"FROM (SELECT _file, _row, _n, {facts.rid} AS rid FROM fact "
        f"WHERE hash({columns}) IN (SELECT h FROM candidate))) WHERE occurrence > 1"
    )
    return bool(connection.execute("SELECT count(*) FROM repeat").fetchall()[0][0])


def _summary(connection: duckdb.DuckDBPyConnection, checked: Checked, facts: Path) -> Built:
    """Counts, sums and the logical hash: of the columns and, order-free, of every fact's content id, file and row."""
    source = f"read_parquet({literal(str(facts))})"
    columns = [column[:2] for column in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    # 60 bits of each content id, added up alone and times its row number: moving a fact shows as well as changing it.
    number = "CAST(CAST('0x' || left(_rid, 15) AS BIGINT) AS HUGEINT)"
    contents = connection.execute(
        f"SELECT _file, count(*), CAST(sum({number}) AS VARCHAR), CAST(sum({number} * _row) AS VARCHAR) "
        f"FROM {source} GROUP BY _file ORDER BY _file"
    ).fetchall()
    content = json.dumps([BUILD, columns, contents], ensure_ascii=False).encode()
    count, measures = add_up(checked, connection, source)
    return Built(facts=count, measures=measures, hash=f"sha256:{hashlib.sha256(content).hexdigest()}")
