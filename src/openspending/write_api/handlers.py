"""The jobs that the Write API asks for, and what does each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from openspending.jobs import Handler, Running
from openspending.write_api import describejob, importjob, moves
from openspending.write_api.service import Writing

_Work = Callable[[Writing, Running], Mapping[str, Any]]
_JOBS: Final[Mapping[str, _Work]] = {
    importjob.KIND: importjob.import_job,
    describejob.KIND: describejob.describe_job,
    **dict.fromkeys(moves.KINDS, moves.move_job),
}


def handlers(writing: Writing) -> Mapping[str, Handler]:
    """By the kind of job."""
    return {kind: partial(work, writing) for kind, work in _JOBS.items()}
