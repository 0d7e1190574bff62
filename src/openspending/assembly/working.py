"""The workers of a process: which kinds of jobs there are, and who does them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from openspending.assembly.parts import Parts

if TYPE_CHECKING:
    from openspending.jobs import Handler

PATIENCE: Final = 5.0  # seconds in which a job that is interrupted may leave; it is free for others all the same
MESSAGES: Final = 4  # to webhooks, sent at once


def handlers(parts: Parts) -> Mapping[str, Handler]:
    """What does the jobs of each kind that works on datasets."""
    from openspending import conductor, write_api

    does = write_api.handlers(parts.writing)
    return {**does, "import": conductor.with_staged(parts.writing, does["import"])}


def messengers(parts: Parts) -> Mapping[str, Handler]:
    """What sends messages to webhooks: by workers of its own, so that slow receivers keep no import waiting."""
    from openspending.webhooks.delivering import Delivering
    from openspending.webhooks.dispatching import KIND

    return {KIND: Delivering(parts.hooks.subscriptions, parts.hooks.sender)}


@contextmanager
def working(parts: Parts, count: int) -> Iterator[None]:
    """Does `count` jobs at once, and sends messages; in the end, what is not done is given back. Raises StoreError."""
    from openspending.jobs import Worker

    workers = [Worker(parts.jobs, handlers(parts), count), Worker(parts.jobs, messengers(parts), MESSAGES)]
    try:
        for worker in workers:
            worker.start()
        yield
    finally:
        for worker in workers:
            worker.stop(PATIENCE)
