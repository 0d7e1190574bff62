"""Seals: what stands in the place of a dataset's next revision when the dataset goes somewhere else.

Commits and moves make the object of the next number by the same create-only put, so that one of them comes first: a
commit that was under way finds its number taken, and nothing is committed to a place after it was left. A seal is no
revision. It stays where it is, unless the dataset comes back and goes on from there.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

from openspending.datastore.manifest import Damaged
from openspending.errors import Conflict
from openspending.speaking.said import said

_WORDS: Final = {"public": said("published"), "private": said("hidden"), "withdrawn": said("withdrawn")}
_BEGINNING: Final = b'{"sealed":'


class Left(Conflict):
    """The place that was written to is one that the dataset has left meanwhile; nothing of it was put there."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The move `event` took the dataset `to` “public”, “private”, “withdrawn” or its new address `owner/name`; `at` is
    RFC 3339, `by` whoever wanted it."""

    event: str
    to: str
    at: str
    by: str

    @property
    def words(self) -> str:
        """What becomes of the dataset: “hidden”."""
        return _WORDS.get(self.to) or said("renamed to {to}", to=self.to)


def write_seal(seal: Seal) -> bytes:
    """The object of a seal."""
    return json.dumps({"sealed": asdict(seal)}, ensure_ascii=False).encode()


def read_seal(data: bytes, where: str) -> Seal | None:
    """The seal that the object found at `where` is, None when it is none. Raises Damaged for half of one.

    Manifests begin with a line break after their brace, whatever their first property is called.
    """
    if not data.startswith(_BEGINNING):
        return None
    try:
        return Seal(**json.loads(data)["sealed"])
    except (ValueError, TypeError) as error:
        raise Damaged(f"{where} is not a seal: {error!r}") from error
