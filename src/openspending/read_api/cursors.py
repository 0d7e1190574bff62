"""Cursors: opaque texts that say where the next page begins. One fits only the question that it came from."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence

from openspending.errors import BadQuery
from openspending.speaking.said import said


def written(question: str, place: Sequence[str | int | None]) -> str:
    """The cursor of the page that begins after `place`, in the answer to the query with the id `question`."""
    text = json.dumps([question, *place], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(cursor: str, question: str, parts: int) -> list[str | int | None]:
    """The place, of `parts` values, that `written` put into `cursor`. Raises BadQuery when another question did."""
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        known, *place = found
    except (binascii.Error, ValueError, TypeError):
        known, place = None, []
    if known != question or len(place) != parts or not all(isinstance(one, str | int | None) for one in place):
        raise BadQuery(
            said("This cursor is of another question, or of another revision: take “next” as it was answered.")
        )
    return list(place)


def offset_of(cursor: str | None, question: str) -> int:
    """The number of rows before the page, of a cursor whose place is that alone; 0 without one. Raises BadQuery."""
    if cursor is None:
        return 0
    (offset,) = place_of(cursor, question, 1)
    return offset if isinstance(offset, int) and offset >= 0 else 0
