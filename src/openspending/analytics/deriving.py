"""Derives what was committed and never derived, since whoever committed it was killed: found by following a changelog.

Who commits a revision derives it too, so each has some time to do so first. Two that derive the same make the same
files. Nobody else derives what was renamed.
"""

from __future__ import annotations

import logging
import tempfile
import time
from pathlib import Path
from typing import Final

from openspending.analytics.rebuild import derive
from openspending.datastore import changelog, homes, registry, revisions
from openspending.datastore.manifest import Damaged
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import DataStore
from openspending.errors import Conflict, NotFound, OpenSpendingError, StoreError

GRACE: Final = 60.0  # seconds
_log: Final = logging.getLogger("openspending")


class Deriving:
    """Follows one of the stores of `both`, from all that is in it on. `grace` is how many seconds whoever commits has
    to derive."""

    def __init__(self, both: DataStore, store: ObjectStore, grace: float = GRACE) -> None:
        self._both = both
        self._store = store
        self._grace = grace
        self._position: int | None = None
        self._waiting: dict[tuple[str, str], float] = {}  # datasets, each with when to look at it

    def once(self) -> str:
        """Look what is new, and derive what is missing; a sentence on what was derived, "" for nothing. Raises
        StoreError when the store does not answer: the next call goes on from there."""
        self._look()
        moment = time.monotonic()
        due = [place for place, at in self._waiting.items() if at <= moment]
        if due:
            registry.update(self._store)
        done = []
        for place in due:
            made = self._derived(*place)
            if made:
                done.append("/".join(place))
            if made is None:
                self._waiting[place] = moment + self._grace
            else:
                del self._waiting[place]
        return f"Derived {', '.join(done)}." if done else ""

    def _look(self) -> None:
        now = time.monotonic()
        at = now + self._grace
        if self._position is None:
            end = changelog.end(self._store)
            self._waiting = {(one.owner, one.name): at for one in registry.datasets(self._store)}
            self._position = end
        try:
            for entry in changelog.read(self._store, after=self._position):
                if entry.to:
                    owner, _, name = entry.to.partition("/")
                    self._waiting[owner, name] = now
                else:
                    self._waiting[entry.owner, entry.dataset] = at
                self._position = entry.position
        except Damaged as error:
            _log.warning("%s", error)
            self._position += 1

    def _derived(self, owner: str, name: str) -> bool | None:
        """Whether something was missing and is there now; None while it is being moved. What cannot be derived is told
        to the log, once."""
        try:
            home = homes.place(self._both, owner, name)
            revision = revisions.latest(home.objects, owner, name)
            if revision is None:
                return False
            with tempfile.TemporaryDirectory(prefix="derive-") as folder:
                return derive(home.objects, revision, Path(folder)).made
        except Conflict:
            return None
        except NotFound:  # it has another address now, or was withdrawn
            return False
        except StoreError:
            raise
        except OpenSpendingError as error:
            _log.warning("%s/%s cannot be derived: %s", owner, name, error)
            return False
