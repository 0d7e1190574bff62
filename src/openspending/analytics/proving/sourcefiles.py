"""Source files at hand: each hashed once, in place where the store is a folder, else in a copy in the local cache.

Also remembers where the rows of a large file begin, so that another row of it is found at once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Final, TypeVar

from openspending.datastore import layout
from openspending.datastore.addresses import folder_of
from openspending.datastore.manifest import Damaged
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.errors import TooMuch
from openspending.etl.sourcefile import SourceFile, source_file
from openspending.etl.window import Marks

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

LARGEST: Final = 512 << 20  # bytes of a file that is opened for one row
COPIES: Final = 4 << 30  # bytes of all copies; the oldest go first
_REMEMBERED: Final = 256  # files whose hash is known, and tables of whose rows it is known where they begin


class SourceFiles:
    """The source files of a store; copies go into `folder`. Safe to share between threads."""

    def __init__(self, store: ObjectStore, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._lock = threading.Lock()
        self._hashed: OrderedDict[tuple[Path, int, int], SourceFile] = OrderedDict()
        self._marks: OrderedDict[str, Marks] = OrderedDict()

    def file(self, revision: Revision, path: str) -> SourceFile:
        """The file that the descriptor of `revision` calls `path`.

        Raises TooMuch for a file that is too large to be opened for one row, Damaged when its bytes are not those that
        were published, NotFound.
        """
        key = layout.stored_key(revision.owner, revision.name, path)
        size = self._store.head(key).size
        if size > LARGEST:
            raise TooMuch(f"{path} has {size} bytes, too many to open it for one row.")
        found = self._hashed_once(self._local(key, path))
        if found.sha256 != layout.sha256_of(path):
            raise Damaged(f"{revision.id}: {path} holds other bytes than its sha-256 says; restore it from a copy.")
        return found

    def forget(self, revision: Revision) -> None:
        """Delete the copies of the files of `revision`; who needs one again copies it again."""
        for resource in revision.descriptor.get("resources", []):
            paths = resource.get("path", [])
            for path in [paths] if isinstance(paths, str) else paths:
                sha256 = layout.sha256_of(str(path))
                if sha256 is not None:
                    (self._folder / sha256 / Path(path).name).unlink(missing_ok=True)

    def marks(self, table: str) -> Marks:
        """Where rows of `table` begin, as far as it is known; whoever reads it adds to it."""
        return self._kept(self._marks, table, self._marks.get(table, {}))

    def _local(self, key: str, path: str) -> Path:
        if self._store.root.startswith("file:"):
            return folder_of(self._store.root) / key
        target = self._folder / str(layout.sha256_of(path)) / Path(path).name
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            self._make_room()
            self._store.download(key, target)
        return target

    def _make_room(self) -> None:
        """Delete the oldest copies until there is room for any file. Whoever has one open can read it to its end."""
        copies = sorted(((one.stat(), one) for one in self._folder.glob("*/*")), key=lambda one: one[0].st_mtime)
        over = sum(said.st_size for said, _ in copies) + LARGEST - COPIES
        for said, one in copies:
            if over <= 0:
                break
            over -= said.st_size
            one.unlink(missing_ok=True)

    def _hashed_once(self, local: Path) -> SourceFile:
        """The file with its hash, which is computed anew when the file was changed since."""
        said = local.stat()
        key = (local, said.st_size, said.st_ctime_ns)
        return self._kept(self._hashed, key, self._hashed.get(key) or source_file(local))

    def _kept(self, held: OrderedDict[_Key, _Value], key: _Key, value: _Value) -> _Value:
        """`value`, which is now the newest of those that are held."""
        with self._lock:
            held[key] = value
            held.move_to_end(key)
            while len(held) > _REMEMBERED:
                held.popitem(last=False)
        return value
