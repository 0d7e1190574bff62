"""The files that old clients upload: in the private store, below `uploads/conductor/{owner}/{name}/{folder}/`.

Each package has a folder whose name nobody can guess. Its upload URLs have it, so that whoever has one of them was told
it by the package's owner. `place.json` beside it says which folder that is, and holds the secret that signs PUTs where
there is no S3 to do so. On S3 it is all the same; only there S3 takes the bytes.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from openspending.datastore import layout
from openspending.datastore.keys import check_key
from openspending.datastore.objects import AlreadyExists, ObjectStore
from openspending.datastore.signing import Signer
from openspending.errors import BadQuery, NotFound
from openspending.fdp.paths import check_path

FOLDER: Final = "uploads/conductor"
ROUTE: Final = "/datastore/files"
KEPT: Final = timedelta(days=3)  # after the last change
_PLACE: Final = "place.json"
_ODD: Final = frozenset('#?%*|<>:"')


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of one package are: in `folder`, signed for with `secret`."""

    owner: str
    name: str
    folder: str
    secret: str

    @property
    def prefix(self) -> str:
        """The folder's key."""
        return f"{FOLDER}/{self.owner}/{self.name}/{self.folder}"

    def key(self, path: str) -> str:
        """The key of a file. Raises BadQuery for a path that leaves the folder, or that some system would not take."""
        check_upload_path(path)
        key = f"{self.prefix}/{path}"
        check_key(key)
        return key


@dataclass(frozen=True, slots=True)
class Staged:
    """The places of all packages. `signer` is None where the bytes come through this API."""

    private: ObjectStore
    signer: Signer | None = None

    def find(self, owner: str, name: str) -> Place | None:
        """The place of a package; None where nothing was announced. Raises BadQuery for names that break the rules."""
        try:
            found = json.loads(self.private.get(_place_key(owner, name)))
        except NotFound:
            return None
        return Place(owner, name, found["folder"], found["secret"])

    def make(self, owner: str, name: str) -> Place:
        """The place of a package, made where there is none. Raises BadQuery for names that break the rules."""
        new = {"folder": secrets.token_hex(16), "secret": secrets.token_urlsafe(32)}
        found = self.find(owner, name)
        if found is not None:
            return found
        with suppress(AlreadyExists):
            self.private.put(_place_key(owner, name), json.dumps(new).encode(), create=True)
        return self.find(owner, name) or Place(owner, name, **new)

    def url(self, address: str, place: Place, path: str) -> str:
        """Where a file is put, and what it is called from then on, without any signature."""
        if self.signer is not None:
            return self.signer.get(place.key(path), seconds=60).url.partition("?")[0]
        return f"{address}{ROUTE}/{quote(place.key(path).removeprefix(f'{FOLDER}/'), safe='/@+')}"

    def fetch(self, prefix: str, path: str, target: Path) -> bool:
        """Copy the file `path` of the folder with this key into the local folder `target`; False if there is none."""
        check_upload_path(path)
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        try:
            self.private.download(f"{prefix}/{path}", target / path)
        except NotFound:
            return False
        return True

    def size(self, owner: str) -> int:
        """The bytes of all that an owner has here."""
        layout.check_owner(owner)
        return sum(size for _, size in self.private.sizes(f"{FOLDER}/{owner}"))

    def sweep(self, at: datetime | None = None) -> int:
        """Delete the files of packages that nobody has changed for some days; how many they are."""
        limit = (at or datetime.now(UTC)) - KEPT
        packages: dict[str, list[str]] = {}
        for key in self.private.list(FOLDER):
            packages.setdefault("/".join(key.split("/")[:4]), []).append(key)
        deleted = 0
        for keys in packages.values():
            if all(self._changed(key) < limit for key in keys):
                deleted += self._delete(keys)
        return deleted

    def clear(self, owner: str, name: str) -> int:
        """Delete all files of a package; how many they are."""
        return self._delete(list(self.private.list(f"{FOLDER}/{layout.dataset_prefix(owner, name)}")))

    def _delete(self, keys: list[str]) -> int:
        for key in sorted(keys, key=lambda one: one.endswith(f"/{_PLACE}")):  # what says where they are goes last
            self.private.delete(key)
        return len(keys)

    def _changed(self, key: str) -> datetime:
        try:
            return self.private.head(key).modified
        except NotFound:
            return datetime.min.replace(tzinfo=UTC)


def check_upload_path(path: str) -> None:
    """Raises BadQuery for a path that leaves the package's folder, or has characters that mean something in URLs."""
    reason = check_path(path)
    if reason is None and (odd := sorted(_ODD & set(path))):
        reason = f"has “{odd[0]}” in it"
    if reason is None and path.startswith("./"):
        reason = "begins with “./”"
    if reason is not None:
        raise BadQuery(f"“{path[:100]}” cannot be the path of a file: it {reason}.", parameter="filedata")


def _place_key(owner: str, name: str) -> str:
    return f"{FOLDER}/{layout.dataset_prefix(owner, name)}/{_PLACE}"
