"""The job `import`: uploads and URLs become a revision, or a list of questions, or of problems.

It is done again from the start when it was interrupted, and comes to the same end: identical content is no new
revision.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from openspending import importing, publishing
from openspending.analytics.differences.plandata import planned_json
from openspending.datastore import homes
from openspending.datastore.objects import ObjectStore
from openspending.errors import BadQuery, Conflict, Mismatch, NotFound
from openspending.etl.archives import DESCRIPTOR
from openspending.etl.importing.answers import WrongAnswer
from openspending.etl.importing.precedent import Precedent
from openspending.etl.importing.recipe import precedent_of_recipe
from openspending.etl.marked import MarkedCopy
from openspending.etl.workspace import EngineError
from openspending.fdp.paths import normal_path
from openspending.fdp.problems import PackageRejected, problem, rejected
from openspending.fetch import Fetcher, Unreachable
from openspending.jobs import GiveUp, Running
from openspending.speaking.said import later, of_error, said
from openspending.write_api.asking import dataset_path
from openspending.write_api.importwish import Import, exactly, import_of
from openspending.write_api.markedfiles import keep_marked
from openspending.write_api.moves import finish_publishing, publish_now
from openspending.write_api.service import Writing
from openspending.write_api.tried import tried_json
from openspending.write_api.uploads import Upload
from openspending.write_api.working import lost, progress_of, rejected_by, stale

KIND: Final = "import"


def import_job(writing: Writing, running: Running) -> Mapping[str, Any]:
    """Do what the job's payload says. Raises GiveUp with the problems of what cannot be imported."""
    wanted = import_of(running.job.payload)
    with tempfile.TemporaryDirectory(prefix="import-") as made:
        folder = Path(made)
        marked = MarkedCopy(folder / f"marked.{wanted.marked}", language=wanted.language)
        try:
            return _done(writing, running, wanted, folder, marked)
        except importing.OpenQuestions as open_:
            return {"outcome": "questions", **open_.prepared.told()}
        except PackageRejected as refusal:
            keep_marked(writing, running.job.id, marked, refusal.report)
            raise rejected_by(refusal) from refusal
        except Conflict as conflict:
            if lost(conflict, wanted.expected):
                raise stale(conflict) from conflict
            raise
        except (WrongAnswer, BadQuery, Mismatch, NotFound, EngineError, Unreachable) as error:
            raise GiveUp(of_error(error)) from error


def _done(writing: Writing, running: Running, wanted: Import, folder: Path, marked: MarkedCopy) -> Mapping[str, Any]:
    job = running.job
    if wanted.publish:
        finish_publishing(writing, running)
    home = homes.place(writing.store, job.owner, job.name)
    files = _fetched(writing, running, wanted, folder)
    if wanted.dry:
        running.say("trying; nothing will be stored")
        return _tried(writing, running, wanted, files, home.objects, marked)
    if not wanted.commit:
        running.say("comparing; nothing will be stored")
        return {"outcome": "planned", **_planned(writing, running, wanted, files, home.objects)}
    done = _committed(writing, running, wanted, files, home.objects, marked)
    writing.quota.forget(job.owner)
    visibility = home.visibility
    if wanted.publish and visibility == "private":
        publish_now(writing, running)
        visibility = "public"
    writing.uploads.spent(wanted.uploads)
    if wanted.draft is not None:
        writing.drafts.remove(wanted.draft, job.owner)
    return {"outcome": "committed", **done, "visibility": visibility, "links": _links(done)}


def _links(done: Mapping[str, Any]) -> dict[str, str]:
    owner, _, name = str(done["dataset"]).partition("/")
    path = dataset_path(owner, name)
    return {"dataset": path, "revision": f"{path}@{done['revision']}"}


def _fetched(writing: Writing, running: Running, wanted: Import, folder: Path) -> list[str]:
    """The files on disk, and URLs as they are. A package's files lie as its descriptor wants them."""
    found = []
    writing.uploads.needed(wanted.uploads)
    for number, one in enumerate(wanted.files):
        running.progress(number, len(wanted.files), later("fetching files"))
        if one.upload is None:
            found.append(str(one.url))
            continue
        upload = writing.uploads.get(one.upload)
        place = folder / "package" if wanted.package else folder / "given" / str(number)
        target = place / (normal_path(one.path) if one.path else upload.filename)
        target.parent.mkdir(parents=True, exist_ok=True)
        writing.staging.fetch(upload, target, partial(_tell, running, upload))
        found.append(str(target))
    return found


def _tell(running: Running, upload: Upload, done: int) -> None:
    running.progress(done, upload.size, f"fetching {upload.filename}")


def _fetcher(writing: Writing, running: Running) -> Fetcher:
    """Fetches no more than the owner may keep."""
    limit = min(writing.limits.upload_size, writing.quota.room(running.job.owner))
    return replace(writing.fetcher, limit=limit)


def _wish(writing: Writing, running: Running, wanted: Import, files: list[str]) -> importing.Wish:
    recipe: Precedent | None = None
    if wanted.recipe is not None:
        recipe = precedent_of_recipe(exactly(wanted.recipe), "recipe")
    fetcher = _fetcher(writing, running)

    def fetch(url: str, path: Path) -> str | None:
        return fetcher.fetch(url, path).name

    return importing.Wish(tuple(files), recipe, wanted.answers, exactly(wanted.properties), wanted.add, fetch)


def _planned(
    writing: Writing, running: Running, wanted: Import, files: list[str], objects: ObjectStore
) -> Mapping[str, Any]:
    """What would change; nothing is stored."""
    into: Any = {"owner": running.job.owner, "name": running.job.name, "store": objects}
    progress = progress_of(running)
    if wanted.package:
        where = _package(files)
        return planned_json(publishing.plan(where, **into, fetch=_fetcher(writing, running), progress=progress))
    planned, prepared = importing.plan_import(_wish(writing, running, wanted, files), **into, progress=progress)
    return {**prepared.told(), **planned_json(planned)}


def _tried(
    writing: Writing, running: Running, wanted: Import, files: list[str], objects: ObjectStore, marked: MarkedCopy
) -> Mapping[str, Any]:
    """How far it comes. What is wrong is no failure here: it is what was to be found out."""
    found = importing.try_import(
        _wish(writing, running, wanted, files),
        owner=running.job.owner,
        name=running.job.name,
        store=objects,
        progress=progress_of(running),
        marked=marked,
    )
    if found.rejected is not None:
        keep_marked(writing, running.job.id, marked, found.rejected)
    return tried_json(found)


def _committed(
    writing: Writing, running: Running, wanted: Import, files: list[str], objects: ObjectStore, marked: MarkedCopy
) -> dict[str, Any]:
    """What was published, as programs are told of it."""
    common: Any = {
        "owner": running.job.owner,
        "name": running.job.name,
        "store": objects,
        "message": wanted.message,
        "author": wanted.author or None,
        "expected": wanted.expected,
        "progress": progress_of(running),
        "marked": marked,
    }
    if wanted.package:
        return publishing.publish(_package(files), **common, fetch=_fetcher(writing, running)).to_dict()
    done = importing.import_files(_wish(writing, running, wanted, files), **common)
    assert done is not None  # nobody is asked whether they agree
    return done.to_dict()


def _package(files: list[str]) -> str:
    """Where the package is: the descriptor among the files, or the one file that there is. Raises PackageRejected."""
    if len(files) == 1:
        return files[0]
    descriptors = [one for one in files if Path(one).name == DESCRIPTOR]
    if len(descriptors) != 1:
        raise rejected(
            problem(
                "package-error",
                detail=said("One of the files must be {descriptor}, and only one", descriptor=DESCRIPTOR),
            )
        )
    return descriptors[0]
