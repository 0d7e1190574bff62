"""The follower of a process: what has to be done from time to time, whatever is asked and whoever asks.

Any number of them may run: each task comes to the same end when two do it at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from openspending.assembly.parts import Parts
from openspending.errors import OpenSpendingError

TICK: Final = 0.5  # seconds
PATIENCE: Final = 5.0  # seconds in which a task may come to its end; whoever is next repeats it
_log: Final = logging.getLogger("openspending")


@dataclass(slots=True)
class Task:
    """Something to be done every so many seconds. `run` says in a sentence what it has done, "" for nothing."""

    name: str
    every: float
    run: Callable[[], str]
    due: float = 0.0


def tasks(parts: Parts) -> list[Task]:
    """What there is to follow and to sweep."""
    from openspending.analytics.deriving import Deriving

    return [
        Task("tell webhooks", 1.0, parts.hooks.dispatcher.once),
        Task("sweep what has expired", 600.0, lambda: _swept(parts)),
        Task("derive what was published", 5.0, Deriving(parts.store, parts.store.public).once),
        Task("derive what is private", 5.0, Deriving(parts.store, parts.store.private).once),
    ]


def _swept(parts: Parts) -> str:
    from openspending import write_api

    found, files = write_api.sweep(parts.writing), parts.conductor.staged.sweep()
    counts = (
        *((found.uploads, "uploads"), (found.folders, "folders of jobs"), (found.answers, "repeated requests")),
        (files, "files of old clients"),
    )
    said = [f"{count} {what}" for count, what in counts if count]
    return f"Removed {', '.join(said)}." if said else ""


@contextmanager
def following(tasks: Sequence[Task], say: Callable[[str], None] = _log.info) -> Iterator[None]:
    """Does the tasks in a thread of its own until the end; `say` is told what was done, the log what failed."""
    stopping = threading.Event()
    thread = threading.Thread(target=_follow, args=(tasks, stopping, say), name="follow", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(PATIENCE)


def _follow(tasks: Sequence[Task], stopping: threading.Event, say: Callable[[str], None]) -> None:
    while not stopping.wait(TICK):
        for task in tasks:
            if time.monotonic() >= task.due and not stopping.is_set():
                once(task, say)


def once(task: Task, say: Callable[[str], None]) -> None:
    """Do the task. One that fails is tried again when it is due next."""
    try:
        done = task.run()
    except OpenSpendingError as error:
        _log.warning("could not %s: %s", task.name, error)
    else:
        if done:
            say(done)
    task.due = time.monotonic() + task.every
