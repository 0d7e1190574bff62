"""Publishing: a package as its publisher has it becomes a revision in the DataStore, and its derived files are made.

The one use case that joins ETL, DataStore and Analytics: check → derive → commit → put the derived files. Nothing is
stored before every check has passed and the facts are made; what follows the commit is repeated by running it again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openspending.analytics import build, derived, downloads
from openspending.analytics.differences.planned import Planned, compared, uncompared
from openspending.analytics.preview import preview
from openspending.analytics.reconciling.controls import reconcile
from openspending.analytics.statement import Built
from openspending.datastore import layout, revisions
from openspending.datastore.manifest import content_hash, same_content
from openspending.datastore.objects import ObjectStore
from openspending.datastore.sources import locate
from openspending.etl.check import Checked, Progress, check
from openspending.etl.columnsums import TableSums, table_sums
from openspending.etl.marked import MarkedCopy
from openspending.etl.read import Loaded
from openspending.etl.sources import Fetch, Opened, open_package
from openspending.etl.workspace import Workspace, workspace_for
from openspending.fdp.controltotal import ControlTotal
from openspending.fdp.names import dataset_name
from openspending.fdp.problems import PackageRejected, Problem
from openspending.published import Published, Validated
from openspending.speaking.said import later

__all__ = ["Published", "Validated", "plan", "plan_opened", "publish", "publish_opened", "validate"]

Store = ObjectStore | Callable[[str], ObjectStore]


def publish(  # noqa: PLR0913 - as many as a revision says of itself, and where it goes
    where: str,
    *,
    owner: str,
    store: Store,
    name: str | None = None,
    message: str = "",
    author: str | None = None,
    expected: int | None = None,
    workdir: Path | None = None,
    fetch: Fetch | None = None,
    progress: Progress | None = None,
    marked: MarkedCopy | None = None,
) -> Published:
    """Check the package at `where`, commit it as a revision of `owner`/`name` (default: its own name), derive it.

    `store` is the dataset's home, or gives it by the dataset's name (see `datastore.homes.place`).
    The `marked` copy is written when the package is rejected. `expected` is the number that the newest revision must
    have (0: there is none). Raises PackageRejected with every problem, Conflict when somebody else commits at the same
    time, or has done so already.
    """
    layout.check_owner(owner)
    with tempfile.TemporaryDirectory(dir=workdir, prefix="publish-") as folder:
        opened = _opened(where, Path(folder), fetch, progress, marked)
        home = _home(store, opened, name)
        with workspace_for(opened.files, Path(folder)) as workspace:
            return publish_opened(
                opened,
                workspace,
                owner=owner,
                name=name,
                store=home,
                message=message,
                author=author,
                expected=expected,
                progress=progress,
                marked=marked,
            )


def publish_opened(  # noqa: PLR0913 - as `publish`
    opened: Opened,
    workspace: Workspace,
    *,
    owner: str,
    store: ObjectStore,
    name: str | None = None,
    message: str = "",
    author: str | None = None,
    expected: int | None = None,
    progress: Progress | None = None,
    marked: MarkedCopy | None = None,
    loaded: Mapping[str, Loaded] | None = None,
) -> Published:
    """Check, commit and derive a package that is open; `loaded` are tables that the workspace has already, as raw text.

    Closes the workspace's connection. Raises as `publish` does.
    """
    dataset = name or dataset_name(opened.package.name)
    layout.check_name(dataset)
    checked, controls = _passed(opened, workspace, progress, marked, loaded=loaded)
    _say(progress, later("deriving the facts"))
    descriptor = locate(opened.package.raw, opened.files).descriptor
    made = build.make(build.stored_package(descriptor), checked, workspace, owner=owner, name=dataset)
    tables = table_sums(workspace.connection, checked)
    _say(progress, later("storing"))
    committed = revisions.commit(
        store,
        owner,
        dataset,
        opened.package.raw,
        opened.files,
        message=message,
        author=author or owner,
        now=datetime.now(UTC),
        expected=_expected(store, owner, dataset, descriptor, expected),
        problems=[one.to_dict() for one in checked.report.warnings],
        controls=[one.to_dict() for one in controls],
    )
    outcome = derived.put_all(store, committed.revision, made, checked, workspace, progress)
    return _published(committed, made.built, checked.report.warnings, controls, tables, outcome)


def _home(store: Store, opened: Opened, name: str | None) -> ObjectStore:
    """The store that the dataset goes to."""
    if isinstance(store, ObjectStore):
        return store
    dataset = name or dataset_name(opened.package.name)
    layout.check_name(dataset)
    return store(dataset)


def _expected(
    store: ObjectStore, owner: str, name: str, descriptor: Mapping[str, Any], number: int | None
) -> int | None:
    """Which number the newest revision must have. One more than was expected, where that has this very content: it is
    what an interrupted run of the same work left, which is to be finished."""
    if number is None:
        return None
    current = revisions.latest(store, owner, name)
    done = current is not None and current.number == number + 1 and same_content(current.descriptor, descriptor)
    return number + 1 if done else number


def _published(
    committed: revisions.Committed,
    built: Built,
    warnings: list[Problem],
    controls: tuple[ControlTotal, ...],
    tables: tuple[TableSums, ...],
    outcome: downloads.Outcome,
) -> Published:
    one = committed.revision
    return Published(
        dataset=f"{one.owner}/{one.name}",
        revision=one.number,
        created=committed.created,
        rows=built.facts,
        measures=built.measures,
        problems=warnings,
        controls=controls,
        tables=tables,
        hash=one.hash,
        content=content_hash(one.descriptor),
        undone=outcome.problem,
    )


def plan(
    where: str,
    *,
    owner: str,
    store: Store,
    name: str | None = None,
    workdir: Path | None = None,
    fetch: Fetch | None = None,
    progress: Progress | None = None,
) -> Planned:
    """What `publish` with these arguments would change, after the same checks; the DataStore is only read.

    `store` is as for `publish`. Raises PackageRejected with every problem.
    """
    layout.check_owner(owner)
    with tempfile.TemporaryDirectory(dir=workdir, prefix="plan-") as folder:
        opened = open_package(where, Path(folder), fetch, progress=progress)
        home = _home(store, opened, name)
        with workspace_for(opened.files, Path(folder)) as workspace:
            return plan_opened(opened, workspace, Path(folder), owner=owner, name=name, store=home, progress=progress)


def plan_opened(
    opened: Opened,
    workspace: Workspace,
    folder: Path,
    *,
    owner: str,
    store: ObjectStore,
    name: str | None = None,
    progress: Progress | None = None,
    loaded: Mapping[str, Loaded] | None = None,
    marked: MarkedCopy | None = None,
    look: bool = False,
) -> Planned:
    """What `publish_opened` would change, and a `look` at the facts. Closes the workspace; `folder` is ours. Raises."""
    dataset = name or dataset_name(opened.package.name)
    layout.check_name(dataset)
    current = revisions.latest(store, owner, dataset)
    checked, controls = _passed(opened, workspace, progress, marked, loaded=loaded)
    seen = preview(checked.model, workspace.connection) if look else None
    found = uncompared(opened, checked, workspace, current, dataset=f"{owner}/{dataset}")
    if found is not None:
        return replace(found, controls=controls, preview=seen)
    _say(progress, later("deriving the facts"))
    stored = build.stored_package(locate(opened.package.raw, opened.files).descriptor)
    made = build.make(stored, checked, workspace, owner=owner, name=dataset)
    made = replace(made, facts=made.facts.replace(folder / "new.parquet"))
    workspace.close()  # the tables of the check are gone: their memory is needed for the comparison
    assert current is not None
    _say(progress, f"comparing with revision {current.number}")
    return replace(compared(store, current, opened, checked, made, folder), controls=controls, preview=seen)


def validate(
    where: str,
    *,
    workdir: Path | None = None,
    fetch: Fetch | None = None,
    progress: Progress | None = None,
    marked: MarkedCopy | None = None,
) -> Validated:
    """Check the package at `where` as `publish` would, and add up its facts; stores nothing. The `marked` copy is
    written if there is any problem. Raises PackageRejected."""
    with tempfile.TemporaryDirectory(dir=workdir, prefix="validate-") as folder:
        opened = _opened(where, Path(folder), fetch, progress, marked)
        with workspace_for(opened.files, Path(folder)) as workspace:
            checked, controls = _passed(opened, workspace, progress, marked, warnings=True)
            rows, measures = build.add_up(checked, workspace.connection)
    return Validated(checked.report, rows, measures, controls)


def _opened(
    where: str, folder: Path, fetch: Fetch | None, progress: Progress | None, marked: MarkedCopy | None
) -> Opened:
    """The package at `where`. Raises PackageRejected, and then the marked copy is but a list."""
    try:
        return open_package(where, folder, fetch, progress=progress)
    except PackageRejected as refusal:
        if marked is not None:
            marked.write_list(refusal.report)
        raise


def _passed(
    opened: Opened,
    workspace: Workspace,
    progress: Progress | None,
    marked: MarkedCopy | None,
    *,
    warnings: bool = False,
    loaded: Mapping[str, Loaded] | None = None,
) -> tuple[Checked, tuple[ControlTotal, ...]]:
    """The checked tables, and what became of the control totals. Raises PackageRejected.

    The marked copy is written when the package is rejected, and with `warnings` also when it is not.
    """
    checked = check(workspace.connection, opened.package, opened.model, opened.files, progress, loaded)
    checked.report.problems[:0] = opened.problems  # the descriptor's warnings, if any, come first
    try:
        controls = _reconciled(opened, checked, workspace)
    except PackageRejected as refusal:
        _mark(marked, opened, replace(checked, report=refusal.report), workspace)
        raise
    if warnings:
        _mark(marked, opened, checked, workspace)
    return checked, controls


def _mark(marked: MarkedCopy | None, opened: Opened, checked: Checked, workspace: Workspace) -> None:
    """Write the marked copy, if one is wanted, while the tables are loaded."""
    if marked is not None:
        marked.write(workspace.connection, checked, opened.files)


def _reconciled(opened: Opened, checked: Checked, workspace: Workspace) -> tuple[ControlTotal, ...]:
    """What became of the control totals, of facts that name the publisher's own files. Makes the view `fact`. Raises
    PackageRejected if that, or anything else, forbids a commit."""
    if not checked.report.valid:
        raise PackageRejected(checked.report)
    build.fact_view(opened.package, checked, workspace.connection)
    return reconcile(opened.package, checked, workspace.connection)


def _say(progress: Progress | None, stage: str) -> None:
    if progress is not None:
        progress(1, 1, stage)
