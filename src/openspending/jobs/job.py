"""What a job is, as people and handlers see it; and what handlers raise to end one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from openspending.datastore.manifest import timestamp
from openspending.errors import OpenSpendingError

STATES: Final = ("queued", "running", "done", "failed", "cancelled")
FINISHED: Final = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total` (None: not known) in its present `stage`."""

    done: int = 0
    total: int | None = None
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """The record of a job. `attempts` counts how often it was begun, `due` is when it may be begun next; `result` is
    of one that is done, `error` and `problems` of one that failed, or that will be tried again; `said` what of them can
    be told in other languages (`speaking.kept`)."""

    id: str
    kind: str
    state: str
    owner: str
    name: str
    account: str | None
    payload: Mapping[str, Any] = field(repr=False)
    created: datetime
    due: datetime
    started: datetime | None
    finished: datetime | None
    progress: Progress
    attempts: int
    cancelling: bool
    result: Mapping[str, Any] | None
    problems: Sequence[Mapping[str, Any]]
    error: str | None
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def dataset(self) -> str:
        """`owner/name`; the owner alone for what is about no dataset."""
        return f"{self.owner}/{self.name}" if self.name else self.owner

    def to_dict(self) -> dict[str, Any]:
        """The job as JSON, without its payload: what is to be done is nobody's business but the handler's."""
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "owner": self.owner,
            "name": self.name,
            "account": self.account,
            "created": timestamp(self.created),
            "due": timestamp(self.due) if self.state == "queued" and self.due > self.created else None,
            "started": self.started and timestamp(self.started),
            "finished": self.finished and timestamp(self.finished),
            "progress": {"done": self.progress.done, "total": self.progress.total, "stage": self.progress.stage},
            "attempts": self.attempts,
            "cancelling": self.cancelling and self.state == "running",
            "result": self.result,
            "problems": list(self.problems),
            "error": self.error,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """What a job said, when, and in which attempt."""

    at: datetime
    attempt: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The line as JSON."""
        return {"at": timestamp(self.at), "attempt": self.attempt, "text": self.text}


class GiveUp(OpenSpendingError):
    """Raised by a handler: the job has failed, and trying again would not help. `problems` are as in reports."""

    def __init__(self, message: str, problems: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class Postponed(OpenSpendingError):
    """Raised by a handler: try again in `seconds`. It counts as no failure, so the handler must end it some day."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Cancelled(Exception):
    """Raised inside a handler, by `progress`: the job is not wanted any more. Handlers let it pass."""


class Interrupted(Cancelled):
    """… by this worker: it is stopping, and the job goes back to the queue."""


class TakenOver(Cancelled):
    """… by this worker: it was thought dead, and another has begun the job anew."""
