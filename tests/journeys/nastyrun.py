"""Importing made-up files, and comparing what was published with what is true of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from openspending.datastore.store import open_datastore
from openspending.etl.decisions import Proposal
from openspending.fdp.problems import PackageRejected
from openspending.importing import Imported, OpenQuestions, Wish, import_files
from tests.journeys.nasty import Case, Fact


@dataclass(frozen=True)
class Outcome:
    """What became of a case: “right”, “asked”, “refused” or “wrong”, and why."""

    what: str
    why: str = ""
    asked: tuple[Proposal, ...] = ()


def run(case: Case, folder: Path) -> Outcome:
    """Import the files of a case into a DataStore of its own."""
    paths = []
    for name, data in case.files.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        paths.append(str(path))
    store = open_datastore(f"file://{folder}/store/public", f"file://{folder}/store/private").public
    try:
        done = import_files(Wish(tuple(paths)), owner="ministry", name="budget", store=store)
    except OpenQuestions as asked:
        found = tuple(asked.prepared.questions)
        return Outcome("asked", "; ".join(f"{one.id}: {one.question}" for one in found), found)
    except PackageRejected as refused:
        return Outcome("refused", "; ".join(f"{one.code}: {one.message}" for one in refused.report.problems))
    assert done is not None
    return _compared(case, done, folder)


def _compared(case: Case, done: Imported, folder: Path) -> Outcome:
    truth = case.truth
    if truth is None:
        return Outcome("wrong", f"published, though nobody can know: {_figures(done)}")
    (path,) = (folder / "store/public/ministry/budget/derived").rglob("facts.parquet")
    relation = duckdb.execute(f"SELECT * FROM read_parquet('{path}')")
    names = [column[0] for column in relation.description]
    model = done.prepared.opened().model
    beside = {one.column for one in model.measures if one.source in truth.beside}
    kept = [name for name in names if name not in beside]
    facts = [{name: row[names.index(name)] for name in kept} for row in relation.fetchall()]
    wrong = [*_wrong_tables(case, done), *wrong_facts(truth.facts, facts, _meant(case, done))]
    return Outcome("wrong", "; ".join(wrong)) if wrong else Outcome("right")


def _figures(done: Imported) -> str:
    return ", ".join(f"{one.name}: {one.rows} rows, {dict(one.sums)}" for one in done.published.tables)


def _wrong_tables(case: Case, done: Imported) -> list[str]:
    """What the figures of the tables say otherwise than the truth."""
    assert case.truth is not None
    tables = [one for one in done.published.tables if one.sums]
    rows = sum(one.rows for one in tables)
    wrong = [] if rows == case.truth.rows else [f"{rows} rows instead of {case.truth.rows}"]
    labels = {label for one in tables for label in one.sums}
    for label in labels & case.truth.sums.keys():
        total = sum((one.sums.get(label) or Decimal(0) for one in tables), Decimal(0))
        if total != case.truth.sums[label]:
            wrong.append(f"{label}: {total} instead of {case.truth.sums[label]}")
    return wrong


def _meant(case: Case, done: Imported) -> list[bool]:
    """Which columns of the truth got a meaning: only these are in the facts. The others must at least stay text."""
    fields = {
        field["name"]: field for one in done.prepared.descriptor["resources"] for field in one["schema"]["fields"]
    }
    known = [fields.get(label, {}) for label in case.truth.labels] if case.truth else []
    return [one.get("columnType") is not None or not one for one in known]


def wrong_facts(truth: Counter[Fact], facts: Sequence[dict[str, Any]], meant: Sequence[bool] = ()) -> list[str]:
    """How the facts differ from the truth: codes, amounts, or which amount stands beside which code."""
    measures = {name for row in facts for name, value in row.items() if isinstance(value, Decimal)}
    flat = [
        ({name: str(value) for name, value in row.items() if name not in measures}, row[measure].normalize())
        for row in facts
        for measure in measures
        if row[measure] is not None
    ]
    amounts = Counter(amount for _, amount in truth.elements())
    found = Counter(amount for _, amount in flat)
    if amounts != found:
        missing, more = list((amounts - found).elements()), list((found - amounts).elements())
        return [f"amounts: {len(missing)} missing {missing[:3]}, {len(more)} too many {more[:3]}"]
    columns: list[str] = []
    width = len(next(iter(truth))[0])
    chosen = [at for at in range(width) if at >= len(meant) or meant[at]]
    for at in chosen:
        texts = Counter(one[0][at] for one in truth.elements())
        alike = [name for name in flat[0][0] if name not in columns and Counter(one[name] for one, _ in flat) == texts]
        if not alike:
            return [f"no column has the texts of column {at + 1} ({list(texts)[:3]})"]
        columns.append(alike[0])
    together = Counter((tuple(one[name] for name in columns), amount) for one, amount in flat)
    wanted = Counter((tuple(one[0][at] for at in chosen), one[1]) for one in truth.elements())
    return [] if together == wanted else ["amounts stand beside texts that are not theirs"]
