"""Rows that a resource declares to be no data: totals, headings, notes. `leaveOut` is a list of rules, each recorded.

Texts are compared as written but for spaces around them, and before any cell is filled or replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openspending.fdp.place import Place
from openspending.speaking.said import said

KINDS: Final = ("total", "subtotal", "heading", "note", "continuation", "other")


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """One rule. A row is left out when all conditions that are given hold: its cells in all `empty` fields are blank;
    in each field of `where` its text is one of those listed, in each of `where_not` it is none of them; its number lies
    in one of the ranges `rows`, both ends included; its file is the `part`-th of the resource, from 1."""

    kind: str = "other"
    reason: str = ""
    empty: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: tuple[tuple[int, int], ...] = ()
    part: int | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that it looks at."""
        return tuple(dict.fromkeys([*self.empty, *self.where, *self.where_not]))

    @property
    def conditional(self) -> bool:
        """Whether it has a condition at all; without one it would leave out every row."""
        return bool(self.empty or self.where or self.where_not or self.rows)


def read_leave_out(raw: Mapping[str, Any], place: Place) -> tuple[LeaveOut, ...]:
    """The rules under `leaveOut` of a resource; every oddity is reported to `place`."""
    found = []
    for number, one in enumerate(place.items(raw, "leaveOut")):
        if isinstance(one, dict):
            found.append(_rule(one, place.at("leaveOut", number)))
        else:
            place.at("leaveOut").wrong(number, one, said("an object that describes a rule"))
    return tuple(found)


def _rule(raw: Mapping[str, Any], place: Place) -> LeaveOut:
    return LeaveOut(
        kind=place.text(raw, "kind", error=False) or "other",
        reason=place.text(raw, "reason", error=False) or "",
        empty=place.names(raw, "empty"),
        where=_texts(raw, "where", place),
        where_not=_texts(raw, "whereNot", place),
        rows=tuple(_ranges(raw, place)),
        part=_part(raw, place),
        raw=raw,
    )


def _texts(raw: Mapping[str, Any], key: str, place: Place) -> dict[str, tuple[str, ...]]:
    texts = place.mapping(raw, key)
    return {name: place.at(key).names(texts, name) for name in texts}


def _ranges(raw: Mapping[str, Any], place: Place) -> Iterator[tuple[int, int]]:
    for number, one in enumerate(place.items(raw, "rows")):
        if isinstance(one, list) and len(one) == 2 and all(map(_is_row, one)) and one[0] <= one[1]:
            yield one[0], one[1]
        else:
            place.at("rows").wrong(number, one, said("the numbers of a first and a last row, from 1"))


def _part(raw: Mapping[str, Any], place: Place) -> int | None:
    part = raw.get("part")
    if part is None or _is_row(part):
        return part
    place.wrong("part", part, said("the number of a file of the resource, from 1"))
    return None


def _is_row(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
