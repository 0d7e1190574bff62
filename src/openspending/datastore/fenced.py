"""The object store as it is given to whoever writes to one dataset: it lets nothing in after the dataset has left.

A publication takes minutes, in which somebody may hide the dataset. What the publication puts after that would be in
the public store, although the dataset is not public any more.
"""

from __future__ import annotations

from pathlib import Path

from openspending.datastore import layout
from openspending.datastore.journal import Claim, Journal
from openspending.datastore.objects import ObjectStore
from openspending.datastore.seals import Left
from openspending.errors import Conflict


class Fenced(ObjectStore):
    """`objects`, the store `home` (“public” or “private”), for whoever writes to the dataset of the `journal`, which
    had `moves` moves when its home was found. `put` raises Left for the dataset's objects when it was moved since."""

    def __init__(self, objects: ObjectStore, home: str, journal: Journal, moves: int) -> None:
        vars(self).update(vars(objects))
        self._objects = objects
        self._home = home
        self._journal = journal
        self._moves = moves
        self._prefix = f"{layout.dataset_prefix(journal.owner, journal.name)}/"

    def put(self, key: str, data: bytes | Path, *, create: bool = False, content_type: str | None = None) -> None:
        """As ObjectStore does. Raises also Left and, for the first revision of a dataset whose name somebody else has
        just taken, Conflict."""
        if not key.startswith(self._prefix):
            self._objects.put(key, data, create=create, content_type=content_type)
            return
        self._look()
        number = layout.revision_number(key) if create else None
        if number == 1:
            self._claim()
        self._objects.put(key, data, create=create, content_type=content_type)
        # A commit needs no second look: it and the seal of a move are puts of one key.
        if number is None and self._left():
            self._take_back(key)

    def _left(self) -> bool:
        return self._journal.has(self._moves + 1)

    def _look(self) -> None:
        if self._left():
            raise self._error()

    def _claim(self) -> None:
        """Take the name for a new dataset. Raises Conflict when somebody took it for something else."""
        claim = self._journal.claim(Claim(self._home, ""))
        if claim != Claim(self._home, ""):
            raise Conflict(f"The name {self._prefix[:-1]} has just been taken by another dataset.", current=0)

    def _take_back(self, key: str) -> None:
        """Remove what was put too late, and raise Left. While the first revision is there, whoever moves the dataset
        has not begun to remove its objects, and will find this one; or the dataset has come back."""
        if not self.exists(layout.revision_key(self._journal.owner, self._journal.name, 1)):
            self._objects.delete(key)
        raise self._error()

    def _error(self) -> Left:
        return Left(f"{self._prefix[:-1]} was moved meanwhile; look where it is now, and try again.")
