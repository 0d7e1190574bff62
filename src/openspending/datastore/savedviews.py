"""Saved views: what was looked at in one revision of a dataset, under an id that is made of just that.

A view lies in the store that is its dataset's home when it is saved, so nothing private is ever in the public one. It
never changes: whoever saves the same again, anywhere, finds it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from openspending.datastore import layout
from openspending.datastore.objects import AlreadyExists, ObjectStore
from openspending.errors import BadQuery, NotFound, StoreError
from openspending.speaking.said import said

_LENGTH: Final = 10  # letters and digits: 50 bits


@dataclass(frozen=True, slots=True)
class SavedView:
    """`view` is the canonical query string of what is shown of `owner`/`name` in the revision of that number and hash;
    `created` is RFC 3339."""

    id: str
    owner: str
    name: str
    revision: int
    hash: str
    view: str
    created: str

    def to_json(self) -> dict[str, Any]:
        """As the API tells it."""
        return {
            "id": self.id,
            "url": f"/q/{self.id}",
            "dataset": f"{self.owner}/{self.name}",
            "revision": self.revision,
            "hash": self.hash,
            "view": self.view,
            "created": self.created,
        }


def id_of(dataset: str, hash_: str, view: str) -> str:
    """The id of a view of `dataset`, in the revision of that hash: the same wherever it is made."""
    digest = hashlib.sha256(f"{view}\n{dataset}\n{hash_}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:_LENGTH]


def find(objects: ObjectStore, view: str) -> SavedView | None:
    """The view of that id in a store; None where there is none, also for what is no id."""
    try:
        return SavedView(**json.loads(objects.get(layout.view_key(view))))
    except (BadQuery, NotFound):
        return None


def save(objects: ObjectStore, wanted: SavedView) -> SavedView:
    """The view as it is in the store: put there, unless it was before. Raises StoreError."""
    try:
        body = json.dumps(asdict(wanted), ensure_ascii=False).encode()
        objects.put(layout.view_key(wanted.id), body, create=True, content_type="application/json")
    except AlreadyExists:
        known = find(objects, wanted.id)
        if known is None or (known.view, known.hash) != (wanted.view, wanted.hash):
            raise StoreError(said("Another view has the id {id}.", id=wanted.id)) from None
        return known
    return wanted
