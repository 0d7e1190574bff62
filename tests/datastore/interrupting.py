"""Stores in which something happens at a certain write: the process dies, or somebody else comes in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import DataStore


class Died(BaseException):
    """The process ends here."""


@dataclass
class Moment:
    """The write number `at` of all, from 1; `happens` just before it or, with `after`, when it has taken effect."""

    at: int
    happens: Callable[[], object]
    after: bool = False
    writes: int = 0

    def around(self, write: Callable[[], None]) -> None:
        self.writes += 1
        now = self.writes == self.at
        if now and not self.after:
            self.happens()
        write()
        if now and self.after:
            self.happens()


class Interrupted(ObjectStore):
    """A store whose writes are counted by a moment."""

    def __init__(self, healthy: ObjectStore, moment: Moment) -> None:
        vars(self).update(vars(healthy))
        self._healthy = healthy
        self._moment = moment

    def put(self, key: str, data: bytes | Path, **how: Any) -> None:
        self._moment.around(lambda: self._healthy.put(key, data, **how))

    def delete(self, key: str) -> None:
        self._moment.around(lambda: self._healthy.delete(key))


def interrupted(store: DataStore, moment: Moment) -> DataStore:
    """Both stores, whose writes are counted together."""
    return DataStore(Interrupted(store.public, moment), Interrupted(store.private, moment))


def die() -> None:
    raise Died


def everything(store: DataStore) -> dict[str, bytes]:
    """Every object of both stores."""
    both = {"public": store.public, "private": store.private}
    return {f"{name}/{key}": objects.get(key) for name, objects in both.items() for key in objects.list()}
