"""Sweeping: uploads whose time is over, marked copies that nobody took, old drafts, answers older than a day."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from openspending.database.engine import now
from openspending.errors import NotFound, OpenSpendingError
from openspending.write_api.service import Writing
from openspending.write_api.staging import FOLDER

KEPT: Final = timedelta(days=7)  # marked copies
_ID: Final = re.compile(r"[0-9a-f]{24,40}")  # of uploads and jobs
_log: Final = logging.getLogger("openspending.uploads")


@dataclass(frozen=True, slots=True)
class Swept:
    """How many uploads, folders that belonged to nothing, and answers were removed."""

    uploads: int
    folders: int
    answers: int


def sweep(writing: Writing) -> Swept:
    """Remove what nobody needs any more. What cannot be removed now is left to the next time. Several processes may do
    this at once. Raises StoreError when store or database do not answer."""
    removed = 0
    for upload in writing.uploads.expired():
        try:
            writing.staging.remove(upload)
        except OpenSpendingError as error:
            _log.warning("the upload %s cannot be removed yet: %s", upload.id, error)
            continue
        writing.uploads.remove(upload.id)
        removed += 1
    writing.drafts.sweep()
    return Swept(removed, _folders(writing), writing.repeats.sweep())


def _folders(writing: Writing) -> int:
    """Remove folders of old jobs, and of uploads that the database does not know: a restored one may have lost them."""
    newest: dict[str, datetime] = {}
    private = writing.store.private
    for key in private.list(FOLDER):
        name = key.split("/")[1]
        if not _ID.fullmatch(name):  # the folder of another component, which sweeps it
            continue
        try:
            modified = private.head(key).modified
        except NotFound:
            continue
        newest[name] = max(newest.get(name, modified), modified)
    old = [name for name, at in newest.items() if at <= now() - KEPT and not writing.uploads.known(name)]
    for name in old:
        writing.staging.clear(name)
    return len(old)
