"""The worker of a process: which kinds of jobs there are, and who does them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from openspending.assembly.parts import Parts

if TYPE_CHECKING:
    from openspending.jobs import Handler, Worker

PATIENCE: Final = 5.0  # seconds in which a job that is interrupted may leave; it is free for others all the same


def handlers(parts: Parts) -> Mapping[str, Handler]:
    """What does the jobs of each kind."""
    from openspending import conductor, write_api
    from openspending.webhooks.delivering import Delivering
    from openspending.webhooks.dispatching import KIND

    delivering = Delivering(parts.hooks.subscriptions, parts.hooks.sender)
    does = write_api.handlers(parts.writing)
    return {**does, "import": conductor.with_staged(parts.writing, does["import"]), KIND: delivering}


@contextmanager
def working(parts: Parts, count: int) -> Iterator[Worker]:
    """A worker that does `count` jobs at once; in the end it gives back what it has not done. Raises StoreError."""
    from openspending.jobs import Worker

    worker = Worker(parts.jobs, handlers(parts), count)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop(PATIENCE)
