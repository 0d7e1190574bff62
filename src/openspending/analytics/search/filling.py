"""Fills an index, commit by commit: small datasets share one, a large one has its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from openspending.analytics.search.engine import Writer
from openspending.analytics.search.prepared import Prepared
from openspending.analytics.search.record import Record

LARGE: Final = 50_000  # lines of a dataset that keeps no others waiting
Tell = Callable[[str, int, int], None]  # dataset, lines of it that are in the index so far, lines that it has


def silently(_dataset: str, _lines: int, _of: int) -> None:
    """Tell nobody."""


class Stopped(Exception):
    """Whoever fills an index is to stop."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to an index: datasets and lines that were put in, datasets that were taken out. `waiting`: those
    that could not be put in yet; `more`: there is more to do now."""

    indexed: int = 0
    lines: int = 0
    removed: int = 0
    waiting: int = 0
    more: bool = False

    def __add__(self, other: Done) -> Done:
        return Done(
            self.indexed + other.indexed,
            self.lines + other.lines,
            self.removed + other.removed,
            self.waiting + other.waiting,
            self.more or other.more,
        )

    @property
    def sentence(self) -> str:
        """What was done, without any name; "" for nothing."""
        said = []
        if self.indexed:
            said.append(f"indexed {_counted(self.indexed, 'dataset')} of {_counted(self.lines, 'line')}")
        if self.removed:
            said.append(f"took {_counted(self.removed, 'dataset')} out")
        if self.waiting:
            said.append(f"{_counted(self.waiting, 'dataset')} cannot be indexed yet")
        text = ", ".join(said)
        return f"{text[:1].upper()}{text[1:]}." if text else ""


class Filling:
    """Puts datasets into an index through `writer`; with `once`, readers see all of them at the same time."""

    def __init__(self, writer: Writer, tell: Tell, stopping: threading.Event, *, once: bool = False) -> None:
        self.indexed = self.lines = 0
        self.begun = False  # whether what is not committed is in pieces
        self._writer = writer
        self._tell = tell
        self._stopping = stopping
        self._once = once
        self._open = 0  # lines that are not committed

    def put(self, record: Record, prepared: Prepared, old: int | None) -> None:
        """Put a dataset in; its revision with the number `old` goes out in the same commit. Raises Stopped."""
        if self._open and record.lines >= LARGE:
            self._commit()
        self.begun = True
        for lines in self._writer.add(record, prepared):
            self._tell(record.dataset, lines, record.lines)
            if self._stopping.is_set():
                raise Stopped
        if old is not None:
            self._writer.remove(old)
        self.begun = False
        self.indexed += 1
        self.lines += record.lines
        self._open += record.lines
        if self._open >= LARGE:
            self._commit()

    def end(self) -> None:
        """Let readers see what they do not see yet."""
        self._once = False
        self._commit()

    def _commit(self) -> None:
        if not self._once:
            self._writer.commit()
            self._open = 0


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
