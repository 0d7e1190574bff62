"""What can be downloaded of a revision. Its list, `downloads.json`, is written last: the switch readers wait for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from openspending.analytics.statement import BUILD, derived_key
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.errors import NotFound

LIST: Final = "downloads.json"


@dataclass(frozen=True, slots=True)
class Download:
    """A file with all facts of a revision. `path` is relative to the dataset's folder, as in a descriptor; `bytes` and
    `sha256` are the file's; `rows` and `columns` its facts and their columns.

    A form that this dataset cannot have says the `reason`, and has no path.
    """

    format: str
    title: str
    media_type: str
    rows: int
    columns: int
    path: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    reason: str | None = None


def listed(store: ObjectStore, revision: Revision) -> Sequence[Download] | None:
    """The downloads of the current build of `revision`; None when they are not made yet."""
    try:
        stored = json.loads(store.get(derived_key(revision, LIST)))
    except NotFound:
        return None
    return tuple(Download(**one) for one in stored["files"])


def put_list(store: ObjectStore, revision: Revision, downloads: Sequence[Download]) -> None:
    """Write the list: from now on readers see these files."""
    stated = {
        "build": BUILD,
        "revision": revision.number,
        "hash": revision.hash,
        "files": [{name: value for name, value in asdict(one).items() if value is not None} for one in downloads],
    }
    text = json.dumps(stated, ensure_ascii=False, indent=1) + "\n"
    store.put(derived_key(revision, LIST), text.encode(), content_type="application/json")


def withdraw(store: ObjectStore, revision: Revision) -> Sequence[Download]:
    """Delete the list, before files that it names change, and return what was in it; the files stay."""
    known = listed(store, revision) or ()
    store.delete(derived_key(revision, LIST))
    return known


def sha256_listed(public: ObjectStore, key: str) -> str | None:
    """The SHA-256, in hex, that the list beside a derived file states of it; None where none does."""
    folder = key.rpartition("/")[0]
    if not folder.rpartition("/")[0].endswith("/derived"):
        return None
    try:
        stored = json.loads(public.get(f"{folder}/{LIST}"))
    except NotFound:
        return None
    return next((one["sha256"] for one in stored["files"] if key.endswith(f"/{one.get('path')}")), None)
