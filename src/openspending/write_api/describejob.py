"""The job `describe`: the newest revision with other properties becomes a new revision, checked and derived as any."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openspending import publishing
from openspending.datastore import homes, layout, revisions
from openspending.datastore.manifest import without_heading
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.datastore.sources import resource_paths
from openspending.errors import BadQuery, Conflict, NotFound
from openspending.etl.archives import DESCRIPTOR
from openspending.fdp.problems import PackageRejected
from openspending.fdp.versions import write_descriptor
from openspending.jobs import GiveUp, Running
from openspending.speaking.said import of_error, said
from openspending.write_api.importwish import exactly
from openspending.write_api.properties import merged
from openspending.write_api.service import Writing
from openspending.write_api.working import lost, progress_of, stale

KIND = "describe"


def describe_job(writing: Writing, running: Running) -> Mapping[str, Any]:
    """Merge the payload's `patch` into the descriptor, and commit. Raises GiveUp."""
    try:
        return _described(writing, running)
    except PackageRejected as refusal:
        raise GiveUp(said("With these properties the package has errors."), refusal.report.to_list()) from refusal
    except Conflict as conflict:
        if lost(conflict, running.job.payload["expected"]):
            raise stale(conflict) from conflict
        raise
    except (NotFound, BadQuery) as error:
        raise GiveUp(of_error(error)) from error


def _described(writing: Writing, running: Running) -> Mapping[str, Any]:
    job = running.job
    home = homes.place(writing.store, job.owner, job.name)
    newest = revisions.latest(home.objects, job.owner, job.name)
    if newest is None:
        raise NotFound(said("There is no dataset {dataset}.", dataset=job.dataset))
    descriptor = merged(without_heading(newest.descriptor), exactly(str(job.payload["patch"])))
    with tempfile.TemporaryDirectory(prefix="describe-") as made:
        folder = Path(made)
        (folder / DESCRIPTOR).write_bytes(write_descriptor(descriptor))
        _download(home.objects, newest, folder, running)
        done = publishing.publish(
            str(folder / DESCRIPTOR),
            owner=job.owner,
            name=job.name,
            store=home.objects,
            message=str(job.payload["message"]),
            author=str(job.payload["author"]),
            expected=job.payload["expected"],
            progress=progress_of(running),
        )
    return {"outcome": "committed", **done.to_dict(), "visibility": home.visibility}


def _download(objects: ObjectStore, newest: Revision, folder: Path, running: Running) -> None:
    """The revision's files, where its descriptor has them."""
    paths = [one for resource in newest.descriptor.get("resources") or () for one in resource_paths(resource)]
    for number, path in enumerate(dict.fromkeys(paths)):
        if layout.sha256_of(path) is None:
            continue
        running.progress(number, len(paths), "fetching files")
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        objects.download(layout.stored_key(newest.owner, newest.name, path), target)
