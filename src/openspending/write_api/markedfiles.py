"""The marked copy of what an import refused, kept beside the uploads for a while."""

from __future__ import annotations

from dataclasses import dataclass

from openspending.datastore import layout
from openspending.etl.marked import MarkedCopy
from openspending.fdp.problems import Report
from openspending.write_api.service import Writing
from openspending.write_api.staging import marked_folder


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """A file of a marked copy: its key, its name for people, its bytes."""

    key: str
    name: str
    size: int


def keep_marked(writing: Writing, job: str, copy: MarkedCopy, report: Report) -> None:
    """Store the files of a copy; of what never came to be checked, a list of what is wrong."""
    if not copy.paths:
        copy.write_list(report)
    for path in copy.paths:
        key = f"{marked_folder(job)}/{layout.safe_filename(path.name)}"
        writing.store.private.put(key, path)


def marked_files(writing: Writing, job: str) -> list[MarkedFile]:
    """The files of a job's marked copy, by name; [] when there is none (any more)."""
    found = writing.store.private.sizes(marked_folder(job))
    return sorted((MarkedFile(key, key.rpartition("/")[2], size) for key, size in found), key=lambda one: one.name)
