"""What publishing a package would change, against the newest revision; `publishing.plan` asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from openspending.analytics import build
from openspending.analytics.differences.difference import Difference, difference
from openspending.analytics.factfile import FactFile, fact_file
from openspending.analytics.preview import Preview
from openspending.analytics.statement import Sums
from openspending.datastore.manifest import same_content, without_heading
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.datastore.sources import locate
from openspending.etl.check import Checked
from openspending.etl.sources import Opened
from openspending.etl.workspace import Workspace
from openspending.fdp.controltotal import ControlTotal
from openspending.fdp.drift import Drift, drift
from openspending.fdp.problems import Problem
from openspending.fdp.revised import differing

# What follows from the files alone.
_OF_FILES: Final = re.compile(r"/resources/\d+/(path(/\d+)?|bytes|hash)")


@dataclass(frozen=True, slots=True)
class Planned:
    """What publishing would change. `revision` is the one that the package would become, or is already.

    `published` is the newest revision there is (None: none yet); where the package has its content, or there is none,
    nothing is compared. Files are new or gone by their content; `descriptor` has JSON pointers to what else would
    change in the descriptor; warnings are new or gone against those kept with the published revision.
    """

    dataset: str
    revision: int
    published: int | None
    rows: int
    measures: Sums
    problems: list[Problem]
    controls: tuple[ControlTotal, ...] = ()
    difference: Difference | None = None
    new_files: list[str] = field(default_factory=list)
    gone_files: list[str] = field(default_factory=list)
    descriptor: list[str] = field(default_factory=list)
    headers: list[Drift] = field(default_factory=list)
    new_warnings: list[Problem] = field(default_factory=list)
    gone_warnings: list[dict[str, Any]] = field(default_factory=list)
    preview: Preview | None = None

    @property
    def changes(self) -> bool:
        """Whether publishing would create a revision."""
        return self.published != self.revision


def uncompared(
    opened: Opened, checked: Checked, workspace: Workspace, current: Revision | None, *, dataset: str
) -> Planned | None:
    """The plan where nothing has to be compared: there is no revision yet, or it has this very content; else None.

    Needs the view `fact`.
    """
    stored = locate(opened.package.raw, opened.files).descriptor
    if current is not None and not same_content(current.descriptor, stored):
        return None
    rows, sums = build.add_up(checked, workspace.connection)
    number = current.number if current else None
    return Planned(dataset, number or 1, number, rows, sums, checked.report.warnings)


def compared(
    store: ObjectStore, current: Revision, opened: Opened, checked: Checked, made: build.Made, folder: Path
) -> Planned:
    """The plan of a package that differs from `current`. `made` are its derived files, `folder` is for our own."""
    old = fact_file(store, current, folder).file
    with Workspace(folder) as workspace:
        found = difference(workspace.connection, old, FactFile(made.facts, checked.model))
    warnings = checked.report.warnings
    listed, known = [one.to_dict() for one in warnings], current.problems
    located = locate(opened.package.raw, opened.files)
    published = build.stored_package(current.descriptor)
    before = {path for one in published.resources for path in one.paths}
    pointers = differing(without_heading(current.descriptor), without_heading(located.descriptor))
    return Planned(
        dataset=f"{current.owner}/{current.name}",
        revision=current.number + 1,
        published=current.number,
        rows=made.built.facts,
        measures=made.built.measures,
        problems=warnings,
        difference=found,
        new_files=_names(located.files.keys() - before),
        gone_files=_names(before - located.files.keys()),
        descriptor=[one for one in pointers if not _OF_FILES.fullmatch(one)],
        headers=drift((published, known), (opened.package, listed), found.alike),
        new_warnings=[warnings[at] for at in _unlike(listed, known)],
        gone_warnings=[known[at] for at in _unlike(known, listed)],
    )


def _names(paths: Iterable[str]) -> list[str]:
    """The files' own names; the hash before them says nothing to people."""
    return sorted(one.rpartition("/")[2] for one in paths)


def _unlike(problems: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> list[int]:
    """The positions of `problems` that are not among `others`. Rows and counts do not tell them apart: a row more at
    the top moves all the rows below."""

    def likeness(one: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(one.get(part) for part in ("code", "resource", "field", "value", "pointer"))

    known = {likeness(one) for one in others}
    return [at for at, one in enumerate(problems) if likeness(one) not in known]
