"""The job `import` of a package that an old client has uploaded: its files are taken from where they were put.

It is the same kind of job as the Write API's own, and comes to the same end when it is done twice.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from openspending import publishing
from openspending.conductor.staged import Staged
from openspending.datastore import homes
from openspending.errors import BadQuery, NotFound
from openspending.etl.workspace import EngineError
from openspending.fdp.paths import normal_path
from openspending.fdp.problems import PackageRejected
from openspending.jobs import GiveUp, Handler, Running
from openspending.speaking.said import of_error
from openspending.write_api.service import Writing
from openspending.write_api.working import progress_of, rejected_by

STAGED: Final = "staged"  # the member of a payload that says where the files are
_ADDRESS: Final = re.compile(r"<([^<>@\s]+)@[^<>@\s]+>")


def payload(prefix: str, descriptor: str, author: str) -> dict[str, Any]:
    """What the job is told: the folder's key, and the descriptor's path in it."""
    place = {"prefix": prefix, "descriptor": descriptor}
    return {STAGED: place, "author": author, "message": "Uploaded by a client of the conductor"}


def with_staged(writing: Writing, otherwise: Handler) -> Handler:
    """What does jobs of the kind `import`: those of old clients, and all others as before."""
    staged = Staged(writing.store.private, writing.staging.signer)

    def handler(running: Running) -> Mapping[str, Any]:
        if STAGED not in running.job.payload:
            return otherwise(running)
        with tempfile.TemporaryDirectory(prefix="import-") as folder:
            return _loaded(writing, staged, running, Path(folder))

    return handler


def _loaded(writing: Writing, staged: Staged, running: Running, folder: Path) -> Mapping[str, Any]:
    """Publish the package into the store that has the dataset, a new one into the private store. Raises GiveUp."""
    job, place = running.job, running.job.payload[STAGED]
    try:
        home = homes.place(writing.store, job.owner, job.name)
        _fetch(staged, running, folder)
        _hide_addresses(folder / place["descriptor"])
        done = publishing.publish(
            str(folder / place["descriptor"]),
            owner=job.owner,
            name=job.name,
            store=home.objects,
            message=str(job.payload["message"]),
            author=str(job.payload["author"]),
            progress=progress_of(running),
        )
    except PackageRejected as refusal:
        raise rejected_by(refusal) from refusal
    except (BadQuery, NotFound, EngineError) as error:
        raise GiveUp(of_error(error)) from error
    writing.quota.forget(job.owner)
    return {"outcome": "committed", **done.to_dict(), "visibility": home.visibility}


def _fetch(staged: Staged, running: Running, folder: Path) -> None:
    """Copy the descriptor and those files that it names that were uploaded: publishing says what is missing."""
    place = running.job.payload[STAGED]
    prefix, descriptor = str(place["prefix"]), str(place["descriptor"])
    if not staged.fetch(prefix, descriptor, folder):
        raise NotFound(f"“{descriptor}” was deleted before it was loaded; upload it again.")
    beside = descriptor.rpartition("/")[0]
    wanted = [f"{beside}/{path}" if beside else path for path in _paths(folder / descriptor)]
    for number, path in enumerate(wanted):
        running.progress(number, len(wanted), "fetching files")
        with suppress(BadQuery):
            staged.fetch(prefix, path, folder)


def _paths(descriptor: Path) -> list[str]:
    """The paths that a descriptor's resources name; none of one that cannot be read."""
    try:
        found = json.loads(descriptor.read_bytes())["resources"]
        named = [one.get("path") for one in found]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    paths = [path for one in named for path in (one if isinstance(one, list) else [one]) if isinstance(path, str)]
    return [normal_path(one) for one in dict.fromkeys(paths)]


def _hide_addresses(descriptor: Path) -> None:
    """Old clients put the e-mail address of whoever uploads into the descriptor, which is going to be public. As in the
    original, it is shown in part only."""
    try:
        found = json.loads(descriptor.read_bytes())
    except (OSError, ValueError):
        return  # publishing says what is wrong with it
    author = found.get("author") if isinstance(found, dict) else None
    if not isinstance(author, str) or not _ADDRESS.search(author):
        return
    shown = json.dumps(_ADDRESS.sub(r"<\1@not.shown>", author), ensure_ascii=False)
    text = descriptor.read_text(encoding="utf-8-sig")
    for written in (json.dumps(author), json.dumps(author, ensure_ascii=False)):
        text = text.replace(written, shown)  # numbers keep their digits so
    descriptor.write_text(text, encoding="utf-8")
