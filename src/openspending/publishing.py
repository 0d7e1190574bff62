"""Publishing: a package as its publisher has it becomes a revision in the DataStore, and its derived files are made.

The one use case that joins ETL, DataStore and Analytics: check → derive → commit → put the derived files. Nothing is
stored before every check has passed and the facts are made; what follows the commit is repeated by running it again.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from openspending.analytics import build
from openspending.analytics.statement import Sums
from openspending.datastore import layout, revisions
from openspending.datastore.sources import locate
from openspending.datastore.store import DataStore
from openspending.etl.check import Checked, Progress, check
from openspending.etl.sources import Fetch, Opened, open_package
from openspending.etl.workspace import Workspace
from openspending.fdp.names import dataset_name
from openspending.fdp.problems import PackageRejected, Problem, Report


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did. `rows` counts facts; `measures` are their exact sums (None: no amount at all).

    `created` is False when the newest revision had this very content already: nothing new was stored.
    """

    dataset: str
    revision: int
    created: bool
    rows: int
    measures: Sums
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Validated:
    """What publishing would find and make, without a DataStore."""

    report: Report
    rows: int
    measures: Sums


def publish(
    where: str,
    *,
    owner: str,
    store: DataStore,
    name: str | None = None,
    message: str = "",
    author: str | None = None,
    workdir: Path | None = None,
    fetch: Fetch | None = None,
    progress: Progress | None = None,
) -> Published:
    """Check the package at `where`, commit it as a revision of `owner`/`name` (default: its own name), derive it.

    Raises PackageRejected with every problem, Conflict when somebody else commits at the same time.
    """
    layout.check_owner(owner)
    with tempfile.TemporaryDirectory(dir=workdir, prefix="publish-") as folder:
        opened = open_package(where, Path(folder), fetch, progress=progress)
        dataset = name or dataset_name(opened.package.name)
        layout.check_name(dataset)
        with Workspace(Path(folder)) as workspace:
            checked = _checked(opened, workspace, progress)
            _say(progress, "deriving the facts")
            stored = build.stored_package(locate(opened.package.raw, opened.files).descriptor)
            made = build.make(stored, checked, workspace, owner=owner, name=dataset)
            _say(progress, "storing")
            committed = revisions.commit(
                store,
                owner,
                dataset,
                opened.package.raw,
                opened.files,
                message=message,
                author=author or owner,
                now=datetime.now(UTC),
                problems=[one.to_dict() for one in checked.report.warnings],
            )
            built = build.put(store, committed.revision, made)
    revision, sums = committed.revision, built.measures
    dataset = f"{revision.owner}/{revision.name}"
    return Published(dataset, revision.number, committed.created, built.facts, sums, checked.report.warnings)


def validate(
    where: str, *, workdir: Path | None = None, fetch: Fetch | None = None, progress: Progress | None = None
) -> Validated:
    """Check the package at `where` as `publish` would, and add up its facts; stores nothing. Raises PackageRejected."""
    with tempfile.TemporaryDirectory(dir=workdir, prefix="validate-") as folder:
        opened = open_package(where, Path(folder), fetch, progress=progress)
        with Workspace(Path(folder)) as workspace:
            checked = _checked(opened, workspace, progress)
            build.fact_view(opened.package, checked, workspace.connection)
            rows, measures = build.add_up(checked, workspace.connection)
    return Validated(checked.report, rows, measures)


def _checked(opened: Opened, workspace: Workspace, progress: Progress | None) -> Checked:
    """The checked tables; the report gets the descriptor's warnings too. Raises PackageRejected."""
    checked = check(workspace.connection, opened.package, opened.model, opened.files, progress)
    checked.report.problems[:0] = opened.problems
    if not checked.report.valid:
        raise PackageRejected(checked.report)
    return checked


def _say(progress: Progress | None, stage: str) -> None:
    if progress is not None:
        progress(1, 1, stage)
