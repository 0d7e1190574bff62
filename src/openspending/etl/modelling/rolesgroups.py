"""Columns of one thing put together, with the likeliest meaning of each group in the light of its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from openspending.etl.modelling.levels import ACTIVITIES, CLASSIFIED, DATES, PLACES, Group
from openspending.etl.modelling.pairs import Dependencies, Pair, labels_of
from openspending.etl.modelling.rolesamounts import AmountGuess, Sight
from openspending.etl.modelling.rolesvalues import Points
from openspending.speaking.said import said, together

_LEAST: Final = 30  # points from which a meaning is taken
_MONEY: Final = 60  # points of a header that means amounts
_NESTED: Final = frozenset({*CLASSIFIED, *ACTIVITIES, *PLACES})  # meanings that may have parts below each other
_NUMBER: Final = "business-number"
_PARTIES: Final = ("supplier", "recipient", "procurer")
_DESCRIBED: Final = ("administrative-classification", "economic-classification", "functional-classification")


@dataclass(frozen=True, slots=True)
class Column:
    """All that is known of a column: what it may be about, and how likely it is an amount."""

    sight: Sight
    meanings: Mapping[str, Points]
    amount: AmountGuess


@dataclass(frozen=True, slots=True)
class Longer:
    """A column with a longer text about what another column has the code of."""

    column: int
    column_type: str
    points: int
    reason: str


def groups_of(
    columns: Sequence[Column], described: Sequence[int], found: Sequence[Pair], known: Dependencies
) -> list[Group]:
    """The columns of `described` as groups of code and label, those with a meaning only."""
    label_of = {one.code: one for one in found}
    labels = labels_of(found)
    taken = set(labels) | set(_explaining(columns, described, found))
    drafts = []
    for number in described:
        if number not in taken:
            pair = label_of.get(number)
            drafts.append(_group(columns, number, pair))
    drafts = [one for one in drafts if not _only_describes(one, drafts, columns)]
    drafts = [_inherited(one, drafts, columns, known) for one in drafts]
    return _numbered([one for one in drafts if one.points >= _LEAST])


def _only_describes(group: Group, groups: Sequence[Group], columns: Sequence[Column]) -> bool:
    """Whether the column is a longer text about what another column names."""
    header = columns[group.column].sight.header
    same = any(other.meaning == group.meaning and other is not group for other in groups)
    return same and header.part is None and header.described


def _numbered(groups: Sequence[Group]) -> list[Group]:
    """The groups, with the registration number of a business as the code of the party that it stands near."""
    found = list(groups)
    for one in [group for group in groups if group.meaning == _NUMBER]:
        named = [other for other in found if other.meaning in _PARTIES and other.label is None]
        near = min(named, key=lambda other: abs(other.column - one.column), default=None)
        found.remove(one)
        if near is not None:
            found[found.index(near)] = replace(near, column=one.column, label=near.column)
        elif not any(other.meaning == "supplier" for other in found):
            found.append(replace(one, meaning="supplier", points=min(one.points, 60)))
    return found


def _group(columns: Sequence[Column], number: int, pair: Pair | None) -> Group:
    """A group with the meaning that its columns speak for together."""
    members = [columns[number]] + ([columns[pair.label]] if pair is not None else [])
    scores: dict[str, Points] = {}
    for column in members:
        for meaning, (points, reason) in column.meanings.items():
            before = scores.get(meaning)
            if meaning in DATES and pair is not None and column is not members[0]:
                continue
            if before is None:
                scores[meaning] = (points, reason)
            else:
                scores[meaning] = (min(95, max(points, before[0]) + 8), max((points, reason), before)[1])
    label = pair.label if pair is not None else None
    best = max(scores, key=lambda one: scores[one][0], default=None)
    if best is None or best == "remark":
        return Group(number, label, "", 0, "")
    points, reason = scores[best]
    if pair is not None:
        points, reason = min(95, points + 6), together(reason, pair.reason, between=", ")
    return Group(number, label, best, points, reason)


def _inherited(group: Group, groups: Sequence[Group], columns: Sequence[Column], known: Dependencies) -> Group:
    """The group with its neighbour's meaning, if it has none and its codes lie below the neighbour's, or above."""
    if group.points >= _LEAST or not _classifying(columns, group):
        return group
    place = groups.index(group)
    for other in (*groups[max(place - 1, 0) : place], *groups[place + 1 : place + 2]):
        if other.meaning in _NESTED and other.points >= 60 and abs(other.column - group.column) <= 3:
            down = known.determines((group.column,), other.column)
            up = known.determines((other.column,), group.column)
            if max(down or 0, up or 0) >= 98:
                name = columns[other.column].sight.profile.label
                return replace(
                    group,
                    meaning=other.meaning,
                    points=42,
                    reason=said("each of its codes is in one of “{name}”", name=name),
                )
    return group


def _classifying(columns: Sequence[Column], group: Group) -> bool:
    """Whether the column has few different, short texts."""
    sight = columns[group.column].sight
    aside = sight.header.points("remark") or sight.header.points("not-money") or sight.header.points("amount") >= _MONEY
    if aside or sight.writing.kind not in _TEXTS:
        return False
    return sight.profile.longest <= 120 and 2 < sight.profile.distinct <= max(20, sight.profile.filled // 4)


_TEXTS: Final = ("text", "code", "integer-code")


def _explaining(columns: Sequence[Column], described: Sequence[int], found: Sequence[Pair]) -> Iterator[int]:
    """Columns with a longer text about a thing that has its code, or code and label, already."""
    paired = {number for one in found for number in (one.code, one.label)}
    for number in described:
        header = columns[number].sight.header
        if number in paired or not (header.described or header.part == "label") or not header.words:
            continue
        for other in described:
            theirs = columns[other].sight.header
            same = _stem(header.words) == _stem(theirs.words) and header.level == theirs.level
            if other != number and same and (other in paired or theirs.part == "code"):
                yield number
                break


def _stem(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in words if one not in ("description", "details", "detail"))


def longer_texts(columns: Sequence[Column], groups: Sequence[Group], types: Mapping[int, str]) -> Iterator[Longer]:
    """The columns with longer texts about what a group classifies."""
    for number, column in enumerate(columns):
        header = column.sight.header
        if number in types or column.amount.measure or not (header.described or header.part == "label"):
            continue
        for one in groups:
            theirs = columns[one.column].sight.header
            type_ = types.get(one.column, "")
            stem = _stem(header.words)
            if stem and _stem(theirs.words) == stem and theirs.level == header.level and type_.startswith(_DESCRIBED):
                named = columns[one.column].sight.profile.label
                kind = type_.removesuffix(":part").removesuffix(":code") + ":description"
                yield Longer(number, kind, max(one.points - 15, 30), f"a longer text about “{named}”")
                break
