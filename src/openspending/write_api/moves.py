"""The jobs that move a dataset: publish, hide, withdraw, rename. The id of the job is the id of the event, so that the
same job twice is one move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.datastore import homes, moving, revisions
from openspending.datastore.journal import Journal
from openspending.datastore.moving import Moved
from openspending.errors import BadQuery, Conflict, NotFound
from openspending.identity import collaborators
from openspending.jobs import GiveUp, Running
from openspending.speaking.said import of_error, said
from openspending.write_api.asking import dataset_path
from openspending.write_api.service import Writing
from openspending.write_api.working import stale

KINDS: Final = ("publish", "hide", "withdraw", "rename")
_VISIBILITY: Final = {"publish": "public", "hide": "private", "withdraw": "withdrawn"}


def move_job(writing: Writing, running: Running) -> Mapping[str, Any]:
    """Do what the job's kind says. Raises GiveUp when it cannot be done."""
    job = running.job
    running.progress(stage=f"{job.kind} {job.dataset}")
    try:
        _check_expected(writing, running)
        moved = _moved(writing, running)
    except (NotFound, BadQuery, moving.Taken) as error:
        raise GiveUp(of_error(error)) from error
    if job.kind == "rename":
        collaborators.moved(writing.engine, job.owner, job.name, moved.owner, moved.name)
    elif job.kind == "withdraw":
        collaborators.forgotten(writing.engine, job.owner, job.name)
    writing.quota.forget(job.owner)
    return {
        "outcome": job.kind,
        "dataset": f"{moved.owner}/{moved.name}",
        "revision": moved.revision,
        "moved": moved.moved,
        "visibility": _VISIBILITY.get(job.kind) or _visibility(writing, moved),
        "links": {"dataset": dataset_path(moved.owner, moved.name)},
    }


def publish_now(writing: Writing, running: Running) -> None:
    """Publish the dataset of an import, as part of its job."""
    job = running.job
    running.say("publishing")
    moving.publish(writing.store, job.owner, job.name, event=job.id, by=_author(running), at=job.created)


def finish_publishing(writing: Writing, running: Running) -> None:
    """Finish what `publish_now` began, in an earlier attempt or in a job that was given up: until then nobody can write
    to the dataset."""
    job = running.job
    journal = Journal(writing.store.private, job.owner, job.name)
    last = journal.last()
    if last and not journal.has_ended(last) and journal.move(last).action == "publish":
        publish_now(writing, running)


def _moved(writing: Writing, running: Running) -> Moved:
    job = running.job
    store, owner, name = writing.store, job.owner, job.name
    stated: Any = {"event": job.id, "by": _author(running), "at": job.created}
    if job.kind == "publish":
        return moving.publish(store, owner, name, **stated)
    if job.kind == "hide":
        return moving.hide(store, owner, name, **stated)
    if job.kind == "withdraw":
        return moving.withdraw(store, owner, name, reason=str(job.payload["reason"]), **stated)
    new_owner, _, new_name = str(job.payload["to"]).partition("/")
    return moving.rename(store, owner, name, (new_owner, new_name), **stated)


def _check_expected(writing: Writing, running: Running) -> None:
    """Raise GiveUp when the newest revision is not the one that was looked at. A move that was begun is finished."""
    job, expected = running.job, running.job.payload.get("expected")
    if expected is None or job.attempts > 1:
        return
    home = homes.find(writing.store, job.owner, job.name)
    newest = None if home is None else revisions.latest(home.objects, job.owner, job.name)
    if newest is not None and newest.number != expected:
        raise stale(
            Conflict(
                said("The newest revision of {dataset} is now {number}.", dataset=job.dataset, number=newest.number),
                newest.number,
            )
        )


def _visibility(writing: Writing, moved: Moved) -> str:
    home = homes.find(writing.store, moved.owner, moved.name)
    return "private" if home is None else home.visibility


def _author(running: Running) -> str:
    return str(running.job.payload.get("author") or running.job.account or "")
