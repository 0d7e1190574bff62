"""Importing: files as a ministry has them become a revision of a dataset (OSEP-1: acquisition to DataStore).

Joins ETL, which proposes what the files mean, with what the dataset's last revision says of them, and with publishing.
Nothing is stored while a question is open.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from openspending.analytics.differences.planned import Planned
from openspending.datastore import layout, revisions
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.errors import OpenSpendingError
from openspending.etl.importing.answers import Answers, Ask, WrongAnswer, remembering
from openspending.etl.importing.around import MONEY
from openspending.etl.importing.gather import Fetching, Source, apart, gather
from openspending.etl.importing.packaged import precedent_in
from openspending.etl.importing.precedent import Precedent, precedent_of
from openspending.etl.importing.prepare import prepare
from openspending.etl.importing.prepared import Prepared
from openspending.etl.marked import MarkedCopy
from openspending.etl.sourcefile import Progress, source_file
from openspending.etl.workspace import Workspace
from openspending.fdp.problems import PackageRejected, Report
from openspending.publishing import Published, plan_opened, publish_opened
from openspending.speaking.said import said

_Done_co = TypeVar("_Done_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants imported. `files` are paths and URLs; `recipe` comes before what the dataset says, `given`
    (answers by the id of their question) before both; `properties` go into the descriptor. With `add` the files become
    further parts of the dataset's tables, without it they take the place of its files."""

    files: tuple[str, ...]
    recipe: Precedent | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    add: bool = False
    fetch: Fetching | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: what was published, and how the files became a package."""

    published: Published
    prepared: Prepared

    def to_dict(self) -> dict[str, Any]:
        """As programs are told of it: what was published, with the decisions; each table with its columns and sums."""
        prepared, published = self.prepared.told(), self.published.to_dict()
        sums = {one["name"]: one for one in published["tables"]}
        tables = [{**one, **sums.get(one["name"], {"sums": {}})} for one in prepared["tables"]]
        return {**prepared, **published, "tables": tables}


@dataclass(frozen=True, slots=True)
class Tried:
    """How far an import would come: what was prepared, questions and all; what is wrong with it (`rejected`), or what
    it would change (`planned`)."""

    prepared: Prepared
    planned: Planned | None = None
    rejected: Report | None = None


class OpenQuestions(OpenSpendingError):
    """Proposals that are not sure wait for an answer; `prepared` has them. Nothing was stored."""

    def __init__(self, prepared: Prepared) -> None:
        count = len(prepared.questions)
        super().__init__(f"{count} question{'' if count == 1 else 's'} must be answered first.")
        self.prepared = prepared


def import_files(  # noqa: PLR0913 - as `publish_opened`
    wish: Wish,
    *,
    owner: str,
    name: str,
    store: ObjectStore,
    message: str = "",
    author: str | None = None,
    expected: int | None = None,
    ask: Ask | None = None,
    agreed: Callable[[Prepared], bool] | None = None,
    progress: Progress | None = None,
    marked: MarkedCopy | None = None,
) -> Imported | None:
    """Import the files into `owner`/`name`. `agreed` is shown what was prepared and may say no (then None). `expected`
    is the number that the newest revision must have (0: there is none).

    Raises OpenQuestions, WrongAnswer, PackageRejected with every problem, Conflict.
    """
    person = None if ask is None else remembering(ask)

    def run(*, thorough: bool) -> Imported | None:
        with _prepared(wish, owner, name, store, person, progress, thorough=thorough) as (prepared, workspace, _):
            if agreed is not None and not agreed(prepared):
                return None
            published = publish_opened(
                prepared.opened(),
                workspace,
                owner=owner,
                name=name,
                store=store,
                message=message,
                author=author,
                expected=expected,
                progress=progress,
                marked=None if prepared.sampled and not thorough else marked,
                loaded=prepared.loaded,
            )
        return Imported(published, prepared)

    return _thoroughly(run)


def plan_import(
    wish: Wish,
    *,
    owner: str,
    name: str,
    store: ObjectStore,
    ask: Ask | None = None,
    progress: Progress | None = None,
) -> tuple[Planned, Prepared]:
    """What `import_files` would change; the DataStore is only read. Raises as it does."""

    def run(*, thorough: bool) -> tuple[Planned, Prepared]:
        with _prepared(wish, owner, name, store, ask, progress, thorough=thorough) as (prepared, workspace, folder):
            planned = plan_opened(
                prepared.opened(),
                workspace,
                folder,
                owner=owner,
                name=name,
                store=store,
                progress=progress,
                loaded=prepared.loaded,
            )
        return planned, prepared

    return _thoroughly(run)


def try_import(
    wish: Wish,
    *,
    owner: str,
    name: str,
    store: ObjectStore,
    progress: Progress | None = None,
    marked: MarkedCopy | None = None,
) -> Tried:
    """Go as far as `import_files` would; the DataStore is only read. Answers that nothing asks for, or that fit no
    more, are left aside and told. Raises PackageRejected for files that cannot be read at all, WrongAnswer."""
    seen: list[Prepared] = []

    def run(*, thorough: bool) -> Planned:
        opened = _prepared(wish, owner, name, store, None, progress, thorough=thorough, lenient=True)
        with opened as (prepared, workspace, folder):
            seen.append(prepared)
            return plan_opened(
                prepared.opened(),
                workspace,
                folder,
                owner=owner,
                name=name,
                store=store,
                progress=progress,
                loaded=prepared.loaded,
                marked=None if prepared.sampled and not thorough else marked,
                look=True,
            )

    try:
        planned = _thoroughly(run)
    except OpenQuestions as open_:
        return Tried(open_.prepared)
    except PackageRejected as refusal:
        if not seen:
            raise
        return Tried(seen[-1], rejected=refusal.report)
    return Tried(seen[-1], planned)


def inspect_files(wish: Wish, *, progress: Progress | None = None) -> Prepared:
    """What an import would propose, without a dataset; questions stay open. Raises PackageRejected, WrongAnswer."""
    with tempfile.TemporaryDirectory(prefix="inspect-") as folder:
        sources = gather(wish.files, Path(folder), wish.fetch)
        precedent = wish.recipe or precedent_in(sources)
        answers = Answers(given=wish.given, settled=precedent.answers if precedent else {})
        with Workspace(Path(folder)) as workspace:
            found = prepare(sources, workspace, answers, precedent, wish.properties, progress)
        _check_used(answers, found)
        return found


class _Unseen(Exception):
    """A package that was made after a look at a sample of its rows is rejected: the others may be written otherwise."""


class _Run(Protocol[_Done_co]):
    def __call__(self, *, thorough: bool) -> _Done_co: ...


def _thoroughly(run: _Run[_Done_co]) -> _Done_co:
    """Run it after a look at a sample of large tables; if the package is then rejected, after one at every cell."""
    try:
        return run(thorough=False)
    except _Unseen:
        return run(thorough=True)


@contextmanager
def _prepared(
    wish: Wish,
    owner: str,
    name: str,
    store: ObjectStore,
    ask: Ask | None,
    progress: Progress | None,
    *,
    thorough: bool,
    lenient: bool = False,
) -> Iterator[tuple[Prepared, Workspace, Path]]:
    """The prepared import, the workspace that has its tables, and a folder. Raises OpenQuestions."""
    layout.check_owner(owner)
    layout.check_name(name)
    current = revisions.latest(store, owner, name)
    with tempfile.TemporaryDirectory(prefix="import-") as made:
        folder = Path(made)
        sources = gather(wish.files, folder, wish.fetch)
        if wish.add and current is not None:
            sources = apart((*_stored(store, current, folder / "stored"), *sources))
        dataset = precedent_of(current.descriptor, "dataset") if current is not None else None
        precedent = wish.recipe or dataset or precedent_in(sources)
        settled = precedent.answers if precedent else {}
        answers = Answers(given=wish.given, settled=settled, ask=ask, lenient=lenient)
        with Workspace(folder) as workspace:
            properties = {"name": name, **wish.properties}
            prepared = prepare(sources, workspace, answers, precedent, properties, progress, thorough=thorough)
            _check_used(answers, prepared)
            if prepared.questions:
                raise OpenQuestions(prepared)
            try:
                yield prepared, workspace, folder
            except PackageRejected as refusal:
                if prepared.sampled and not thorough:
                    raise _Unseen from refusal
                raise


def _check_used(answers: Answers, prepared: Prepared) -> None:
    """Raise WrongAnswer for answers that nothing asked for: slips of the pen. Lenient answers are left aside instead.
    While questions are open it is only noted: what is asked may depend on their answers."""
    unused = answers.unused()
    aside = [*answers.aside, *(unused if answers.lenient and not prepared.questions else ())]
    prepared.aside = {one: answers.given[one] for one in aside if one in answers.given}
    if all(one in aside for one in unused):
        return
    nothing = said("Nothing asked for {ids}.", ids=", ".join(unused))
    if prepared.questions:
        prepared.notes = (*prepared.notes, nothing)
        return
    ids = (*(one.id for one in prepared.decisions), *MONEY, "year")
    raise WrongAnswer(
        said("{nothing} What can be answered is {ids}.", nothing=nothing, ids=", ".join(dict.fromkeys(ids)))
    )


def _stored(store: ObjectStore, current: Revision, folder: Path) -> Iterator[Source]:
    """The files that the dataset has, downloaded, in the order of its resources."""
    paths = [path for one in current.descriptor.get("resources") or () for path in _paths(one)]
    for path in dict.fromkeys(paths):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        store.download(layout.stored_key(current.owner, current.name, path), target)
        yield Source(source_file(target), kept=True)


def _paths(resource: Mapping[str, Any]) -> list[str]:
    path = resource.get("path")
    return [path] if isinstance(path, str) else [one for one in path or () if layout.sha256_of(one)]
