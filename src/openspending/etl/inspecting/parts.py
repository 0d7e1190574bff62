"""Files that are parts of one table: written alike, with the same columns, if some of them by other labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.inspecting.around import BLANK_COLUMN
from openspending.etl.inspecting.candidate import Candidate
from openspending.speaking.said import said, together

SEPARATE: Final = said("separate tables")
_UNNAMED: Final = re.compile(r"column [1-9]\d*")  # what a column without label is called
_ALIKE: Final = 0.8  # of the letters of a label
_SHARED: Final = 0.75  # of the columns
_ANY_PAGE: Final = "utf-8"  # what a file of ASCII characters is said to be in


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one table. `aliases` are other labels of the first part's columns; `missing` are its columns that
    some part lacks, `extra` columns that only others have."""

    parts: tuple[Candidate, ...]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    proposal: Proposal | None = None

    def resource(self, name: str) -> dict[str, Any]:
        """The raw resource with all parts."""
        first = self.parts[0].resource(name)
        encodings = {one.effects.get("encoding") for one in self.parts} - {None, _ANY_PAGE}
        paths = [one.name for one in self.parts]
        found = {**first, "path": paths if len(paths) > 1 else paths[0]}
        return {**found, "encoding": encodings.pop()} if encodings else found


@dataclass(slots=True)
class _Match:
    aliases: dict[str, str] = field(default_factory=dict)  # the other’s label by ours
    fuzzy: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)


def parts_of(candidates: Sequence[Candidate]) -> list[Parts]:
    """The candidates in groups, each of which is one table."""
    groups: list[list[Candidate]] = []
    for one in candidates:
        for group in groups:
            if _written_alike(group, one) and _labelled_alike(group[0], one):
                group.append(one)
                break
        else:
            groups.append([one])
    return [_parts(group) for group in groups]


def _written_alike(group: Sequence[Candidate], other: Candidate) -> bool:
    """Whether one resource can describe both: it has one format, encoding and dialect. ASCII fits any encoding."""
    if any(one.name == other.name for one in group):
        return False
    plain = group[0].resource("table")
    mine, its = {**plain, "path": "", "encoding": ""}, {**other.resource("table"), "path": "", "encoding": ""}
    encodings = {_page(one) for one in [*group, other]} - {None}
    return mine == its and len(encodings) <= 1


def _page(candidate: Candidate) -> str | None:
    """The encoding; None where all characters are ASCII."""
    if candidate.encoding is None:
        return None
    ascii_only = "ASCII" in candidate.encoding.best.reason
    return None if ascii_only else str(candidate.effects.get("encoding"))


def _labelled_alike(first: Candidate, other: Candidate) -> bool:
    found = _match(first, other)
    if not first.region.header_rows or not (found.missing or found.extra):
        return bool(first.region.header_rows)
    ours, theirs = _labels(first), _labels(other)
    shared, most = len(ours) - len(found.missing), max(len(ours), len(theirs))
    return shared >= _SHARED * most and _series(first.name) == _series(other.name)


def _series(name: str) -> str:
    """A file's name without its numbers: the same for the parts of a series."""
    return re.sub(r"\d+", "0", name.casefold())


def _labels(candidate: Candidate) -> list[str]:
    """The columns that have a label."""
    return [one for one in candidate.header if not _UNNAMED.fullmatch(one)]


def _unnamed(candidate: Candidate) -> list[str]:
    """The columns that have none, but hold something."""
    blank = {f"column {one.first}" for one in candidate.cut if one.kind == BLANK_COLUMN}
    return [one for one in candidate.header if _UNNAMED.fullmatch(one) and one not in blank]


def _match(ours: Candidate, theirs: Candidate) -> _Match:
    """Which labels mean the same columns: exactly, but for case and spaces, or but for a few letters."""
    found = _Match()
    free = _labels(theirs)
    left: list[str] = []
    for label in _labels(ours):
        same = next((one for one in free if one == label), None)
        same = same or next((one for one in free if _loosely(one) == _loosely(label)), None)
        if same is None:
            left.append(label)
            continue
        free.remove(same)
        if same != label:
            found.aliases[label] = same
    for label in left:
        near = max(free, key=lambda one: _likeness(one, label), default=None)
        if near is None or _likeness(near, label) < _ALIKE or _numbers(near) != _numbers(label):
            found.missing.append(label)
            continue
        free.remove(near)
        found.aliases[label] = near
        found.fuzzy.append((label, near))
    found.extra = free
    return found


def _loosely(label: str) -> str:
    return " ".join(label.split()).casefold()


def _numbers(label: str) -> str:
    """The digits of a label: columns of other years are other columns."""
    return "".join(char for char in label if char.isdigit())


def _likeness(first: str, second: str) -> float:
    return SequenceMatcher(None, _loosely(first), _loosely(second), autojunk=False).ratio()


def _parts(group: Sequence[Candidate]) -> Parts:
    first = max(group, key=lambda one: sum(other.header == one.header for other in group))
    ordered = (first, *(one for one in group if one is not first))
    matches = [_match(first, one) for one in ordered[1:]]
    aliases: dict[str, tuple[str, ...]] = {}
    for one in matches:
        for label, other in one.aliases.items():
            aliases[label] = tuple(dict.fromkeys([*aliases.get(label, ()), other]))
    missing = tuple(dict.fromkeys(label for one in matches for label in one.missing))
    extra = tuple(dict.fromkeys(label for one in matches for label in one.extra))
    unnamed = [one for other in ordered[1:] for one in _unnamed(other) if one not in first.header]
    unnamed = sorted(set(unnamed), key=lambda one: int(one.removeprefix("column ")))
    return Parts(ordered, aliases, missing, (*extra, *unnamed), _proposal(ordered, matches, missing, extra))


def _proposal(
    group: Sequence[Candidate], matches: Sequence[_Match], missing: Sequence[str], extra: Sequence[str]
) -> Proposal | None:
    """The question whether they are one table, where their headers differ in more than case, spaces and order."""
    fuzzy = [pair for one in matches for pair in one.fuzzy]
    if not fuzzy and not missing and not extra:
        return None
    stated = [said("“{other}” is “{label}”", other=other, label=label) for label, other in dict.fromkeys(fuzzy)]
    stated += [said("some parts have no “{label}”", label=label) for label in missing]
    stated += [said("some have “{label}” too", label=label) for label in extra]
    confidence = 85 if not missing and not extra else 60
    names = ", ".join(one.name for one in group[:5]) + (" …" if len(group) > 5 else "")
    choices = (
        Choice(
            said("one table"),
            confidence,
            together(said("nearly all labels are the same"), together(*stated, between=", "), between="; "),
        ),
        Choice(SEPARATE, 100 - confidence, said("their headers differ")),
    )
    return Proposal(f"parts:{group[0].name}", said("Are these parts of one table: {names}?", names=names), choices)
