"""What values are indexed as: words, codes and JSON, made once per distinct value of a batch of lines.

Texts of plain letters and digits are read by Arrow, all at once: it takes a tenth of the time that `words` takes one by
one. What it makes of them is what `words` makes; the others are left to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from openspending.analytics.search.columns import FactColumn
from openspending.analytics.search.words import LONGEST_CODE, codes, is_code, words

_KEPT: Final = 200_000  # values that are remembered
_LETTERS: Final = re.compile(r"[^\W\d_]{3}")
_BETWEEN: Final = " - "  # between the codes of a “parent - own”
_SPACE: Final = r"[\t-\r\x1c-\x20]"
_ESCAPED: Final = r'["\\\x00-\x1f]'  # in JSON
_NONE: Final = pa.scalar(None, pa.string())
_OF_ONE, _OF_PARTIAL = 2, 4  # codes at most

Said = tuple[str | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Indexed:
    """For each of the distinct values of a column its words, its codes (the first one, the second …) and its JSON; null
    where there is none."""

    text: Any
    codes: Sequence[Any]
    json: Any


class Values:
    """Makes values into what they are indexed as, and remembers the last ones. Belongs to one thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool], Said] = {}

    def indexed(self, values: Any, column: FactColumn) -> Indexed:
        """What the values in an Arrow array are indexed as; none of them is missing."""
        if column.use != "searched":
            texts = [plain(one) for one in values.to_pylist()]
            found = [(None, tuple(codes(one)) if column.use == "code" else ()) for one in texts]
            return Indexed(*_columns(found, _OF_ONE), as_json(pa.array(texts, pa.string())))
        values = values.cast(pa.string())
        ascii_ = pc.string_is_ascii(values)
        if column.partial or not pc.any(ascii_).as_py():
            return Indexed(*self._one_by_one(values, partial=column.partial), as_json(values))
        text, found = of_ascii(values)
        if not pc.all(ascii_).as_py():
            others = pc.invert(ascii_)
            their_text, theirs = self._one_by_one(values.filter(others))
            text = pc.replace_with_mask(text, others, their_text)
            found = [pc.replace_with_mask(one, others, other) for one, other in zip(found, theirs, strict=True)]
        return Indexed(text, found, as_json(values))

    def _one_by_one(self, values: Any, *, partial: bool = False) -> tuple[Any, list[Any]]:
        return _columns([self._said(one, partial) for one in values.to_pylist()], _OF_PARTIAL if partial else _OF_ONE)

    def _said(self, value: str, partial: bool) -> Said:
        known = self._known.get((value, partial))
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[value, partial] = said(value, partial=partial)
        return known


def said(value: str, *, partial: bool = False) -> Said:
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


def of_ascii(values: Any) -> tuple[Any, list[Any]]:
    """What `said` says of each of many texts of ASCII alone: the words, and first and second codes."""
    lower = pc.ascii_lower(values)
    text = pc.ascii_trim(pc.replace_substring_regex(lower, "[^a-z0-9]+", " "), " ")
    length = pc.binary_length(values)
    short = pc.and_(pc.greater(length, 0), pc.less_equal(length, LONGEST_CODE))
    spaced = pc.and_(pc.match_substring_regex(lower, _SPACE), pc.match_substring_regex(lower, "[a-z]"))
    coded = pc.and_(pc.and_not(short, spaced), pc.match_substring_regex(lower, "[0-9]"))
    unsaid = pc.and_not(coded, pc.match_substring_regex(lower, "[a-z]{3}"))
    found = _ascii_codes(text, coded)
    return pc.if_else(pc.or_(unsaid, pc.equal(text, "")), _NONE, text), found


def _ascii_codes(text: Any, coded: Any) -> list[Any]:
    """The codes whose words are `text`, where they are `coded`."""
    if not pc.any(coded).as_py():
        return [pa.nulls(len(text), pa.string())] * _OF_ONE
    joined = pc.if_else(coded, pc.replace_substring(text, " ", ""), _NONE)
    differs = pc.and_(coded, pc.match_substring_regex(text, "^0.| "))
    apart = pc.replace_substring_regex(text.filter(differs), "0*([a-z0-9]+) ?", r"\1.")
    return [joined, pc.replace_with_mask(pa.nulls(len(text), pa.string()), differs, apart)]


def as_json(values: Any) -> Any:
    """Texts as JSON strings."""
    if pc.any(pc.match_substring_regex(values, _ESCAPED)).as_py():
        return pa.array([json.dumps(one, ensure_ascii=False) for one in values.to_pylist()], pa.string())
    return pc.binary_join_element_wise('"', values, '"', "")


def plain(value: Any) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def codes_alone(texts: Sequence[str]) -> Indexed:
    """What texts are indexed as that are codes and nothing else."""
    text, found = _columns([(None, tuple(codes(one))) for one in texts], _OF_ONE)
    return Indexed(text, found, pa.nulls(len(texts), pa.string()))


def _columns(found: Sequence[Said], most: int) -> tuple[Any, list[Any]]:
    """The words of all, and first codes, second codes …, `most` of them."""
    slots = [[every[n] if n < len(every) else None for _, every in found] for n in range(most)]
    return pa.array([text for text, _ in found], pa.string()), [pa.array(one, pa.string()) for one in slots]
