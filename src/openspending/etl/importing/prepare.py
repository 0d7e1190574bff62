"""Preparing an import: files → tables → what they mean → one package. Nothing is stored, nothing silently decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openspending.etl.importing.answers import Answers
from openspending.etl.importing.assemble import assemble
from openspending.etl.importing.chosen import choose
from openspending.etl.importing.drifting import known_fields
from openspending.etl.importing.gather import Source
from openspending.etl.importing.modelled import Modelled, model_table
from openspending.etl.importing.precedent import Before, Precedent, before_of
from openspending.etl.importing.prepared import Prepared, TableMade
from openspending.etl.importing.rawtables import load_table, table_name
from openspending.etl.importing.readings import Readings
from openspending.etl.importing.tellings import table_made
from openspending.etl.inspecting.tables import inspect
from openspending.etl.sourcefile import Progress
from openspending.etl.workspace import Workspace
from openspending.fdp.drift import Drift
from openspending.fdp.names import Names


def prepare(
    sources: Sequence[Source],
    workspace: Workspace,
    answers: Answers,
    precedent: Precedent | None,
    properties: Mapping[str, Any],
    progress: Progress | None = None,
    *,
    thorough: bool = False,
) -> Prepared:
    """What an import of `sources` would do. `properties` go into the descriptor. Open questions are in the result.
    Large tables are judged by a sample, unless it is to be `thorough`.

    Raises PackageRejected for files that cannot be read, WrongAnswer.
    """
    files = {one.name: one.file for one in sources}
    named = _named(sources, workspace.folder / "named")
    inspection = inspect(named, workspace.folder, progress, Readings(answers, precedent).answer)
    chosen, left_out = choose(inspection, answers, precedent, _before(sources, precedent))
    names = Names()
    modelled: list[Modelled] = []
    drift: list[Drift] = []
    for number, one in enumerate(chosen):
        name = names.give(one.known.name if one.known is not None else table_name(one.parts[0]))
        raw = load_table(workspace.connection, number, one.group, files, name, progress)
        _say(progress, f"modelling {one.parts[0].name}")
        known = known_fields(one.known, raw, answers)
        rules = known.rules(one.known)
        modelled.append(model_table(workspace.connection, raw, answers, known.fields, rules, thorough=thorough))
        drift += known.drift
    package = assemble(workspace.connection, modelled, chosen, answers, precedent, properties)
    tables = tuple(table_made(one, package) for one in modelled)
    _record(tables, answers)
    return Prepared(
        descriptor=package.descriptor,
        files={path: files[path] for one in modelled for path in one.table.loaded.parts},
        loaded={one.table.name: one.table.loaded for one in modelled},
        tables=tables,
        decisions=answers.decisions,
        questions=answers.questions,
        sampled=any(not column.profile.complete for one in modelled for column in one.columns),
        left_out=(*left_out, *(left for one in modelled for left in one.left_out)),
        drift=tuple(drift),
        notes=(*inspection.notes, *(precedent.notes if precedent else ()), *package.notes),
    )


def _before(sources: Sequence[Source], precedent: Precedent | None) -> Before:
    """What the dataset has of the files."""
    kept = [one.name for one in sources if one.kept]
    return before_of(precedent, {one.name: one.file.sha256 for one in sources}, kept)


def _record(tables: Sequence[TableMade], answers: Answers) -> None:
    """Record what was made of each column, asked or not."""
    for one in (column for table in tables for column in table.columns):
        answers.record(f"column:{one.label}:role", one.means or "nothing", one.by, one.confidence, one.reason)


def _named(sources: Sequence[Source], folder: Path) -> list[Path]:
    """The files under the names that they have in the package."""
    folder.mkdir(parents=True)
    paths = []
    for one in sources:
        target = folder / one.name
        target.symlink_to(one.file.path.resolve())
        paths.append(target)
    return paths


def _say(progress: Progress | None, stage: str) -> None:
    if progress is not None:
        progress(0, 0, stage)
