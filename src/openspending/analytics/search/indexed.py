"""What values are indexed as: words, codes and JSON, made once per distinct value of a batch of lines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from openspending.analytics.search.columns import FactColumn
from openspending.analytics.search.words import codes, is_code, words

_KEPT: Final = 200_000  # values that are remembered
_LETTERS: Final = re.compile(r"[^\W\d_]{3}")
_BETWEEN: Final = " - "  # between the codes of a “parent - own”

_Said = tuple[str | None, tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Indexed:
    """For each of the distinct values of a column: its words (null: none), its codes, and its JSON."""

    text: Any
    codes: Sequence[Sequence[str]]
    json: Any


class Values:
    """Makes values into what they are indexed as, and remembers the last ones. Belongs to one thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool], _Said] = {}

    def indexed(self, dictionary: Any, column: FactColumn) -> Indexed:
        """What the values of an Arrow array are indexed as."""
        if column.use == "searched":
            said = [self._said(value, column.partial) for value in dictionary.to_pylist()]
        else:
            said = [_as_code(value, column.use == "code") for value in dictionary.to_pylist()]
        texts, found, jsons = zip(*said, strict=True) if said else ((), (), ())
        return Indexed(pa.array(texts, pa.string()), found, pa.array(jsons, pa.string()))

    def _said(self, value: str, partial: bool) -> _Said:
        known = self._known.get((value, partial))
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[value, partial] = _as_text(value, partial)
        return known


def said(value: str, *, partial: bool = False) -> tuple[str | None, tuple[str, ...]]:
    """The words of a text (None: it has none), a space between them, and its codes; of a `partial` one, which is
    “parent - own”, also the codes of its own part."""
    found: list[str] = []
    coded = is_code(value)
    if coded:
        found = codes(value)
    if partial and _BETWEEN in value and is_code(own := value.rpartition(_BETWEEN)[2]):
        found = [*found, *codes(own)]
    text = " ".join(words(value)) if not coded or _LETTERS.search(value) else ""
    return text or None, tuple(dict.fromkeys(found))


def plain(value: Any) -> str | None:
    """A value as text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def _as_text(value: str, partial: bool) -> _Said:
    return *said(value, partial=partial), json.dumps(value, ensure_ascii=False)


def _as_code(value: Any, code: bool) -> _Said:
    text = plain(value)
    return None, tuple(codes(text)) if code and text else (), json.dumps(text, ensure_ascii=False)
