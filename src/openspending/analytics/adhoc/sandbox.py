"""The sandbox: answers SQL that anybody wrote, by children of a process of its own. Safe to share between threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from openspending.analytics.adhoc import starting
from openspending.analytics.adhoc.bounds import Bounds
from openspending.analytics.adhoc.question import Cancelled, Question
from openspending.errors import Busy, NotFound
from openspending.speaking.said import said

WAITING: Final = 4  # questions that wait for each that is being answered; more are told to come back


class Sandbox:
    """Answers at most `processes` questions at once; others wait their turn, and what cannot wait gets Busy."""

    def __init__(self, bounds: Bounds, processes: int) -> None:
        """`processes` 0: no SQL is answered."""
        self.bounds = bounds
        self.places = processes * (1 + WAITING)
        self._starter = starting.Starter()
        self._free = processes
        self._inside = 0
        self._changed = threading.Condition()

    @property
    def starter(self) -> int | None:
        """The process number of the starter; None while there is none."""
        return self._starter.number

    def question(self, query: str) -> Question:
        """What is asked. Nothing has happened yet: see `turn`. Raises RefusedSQL; NotFound where SQL is off."""
        if not self.places or not starting.possible():
            raise NotFound(said("SQL is not answered here."))
        return Question(query, self.bounds, self._starter)

    @contextmanager
    def turn(self, question: Question) -> Iterator[Question]:
        """`question`, once it is its turn and its child is there. Raises Busy, Cancelled."""
        self._enter(question)
        try:
            with question:
                yield question
        finally:
            with self._changed:
                self._free += 1
                self._inside -= 1
                self._changed.notify_all()

    def cancel(self, question: Question) -> None:
        """Stop `question`, also while it waits."""
        question.cancel()
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """End all processes."""
        self._starter.close()

    def _enter(self, question: Question) -> None:
        until = time.monotonic() + self.bounds.seconds
        with self._changed:
            if self._inside >= self.places:
                raise self._busy()
            self._inside += 1
            while not self._free:
                self._changed.wait(until - time.monotonic())
                if question.cancelled or (not self._free and time.monotonic() >= until):
                    self._inside -= 1
                    raise Cancelled("The question was cancelled.") if question.cancelled else self._busy()
            self._free -= 1

    def _busy(self) -> Busy:
        return Busy(said("Too many questions in SQL are being answered; ask again in a moment."), self.bounds.seconds)
