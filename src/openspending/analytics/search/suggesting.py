"""Suggestions while one types: members of dimensions of the datasets that the asker may read, each label once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from openspending.actor import Actor
from openspending.analytics.search.engine import Member
from openspending.analytics.search.record import Record
from openspending.analytics.search.seen import Seen, Sides, seen_by
from openspending.analytics.search.sides import Search
from openspending.analytics.search.words import words

LIMIT: Final = 10
MOST: Final = 100
_MEMBERS: Final = 200  # that are asked for at least, so that few of the same label are left out; and
_ALIKE: Final = 4  # for each suggestion


@dataclass(frozen=True, slots=True)
class SuggestQuestion:
    """What was typed so far; of which datasets (`owner/name`) and owners, None: of all."""

    text: str
    datasets: AbstractSet[str] | None = None
    owners: AbstractSet[str] | None = None
    visibility: Sides = "public"
    limit: int = LIMIT


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A label, with the number of lines that have it and their datasets, those with most lines first. What the datasets
    do not agree on is None: its code, the ref of its attribute, the title of its dimension."""

    label: str
    code: str | None
    ref: str | None
    dimension: str | None
    lines: int
    datasets: tuple[str, ...]


@dataclass(slots=True)
class _Merged:
    """The members of one label."""

    members: list[tuple[Record, Member]] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return sum(member.lines for _, member in self.members)

    def told(self) -> Suggestion:
        ranked = sorted(self.members, key=lambda one: (-one[1].lines, one[0].dataset, one[1].ref))
        return Suggestion(
            label=ranked[0][1].label,
            code=_same(member.code for _, member in ranked),
            ref=_same(member.ref for _, member in ranked),
            dimension=_same(_dimension(*one) for one in ranked),
            lines=self.lines,
            datasets=tuple(dict.fromkeys(record.dataset for record, _ in ranked)),
        )


def suggest(search: Search, actor: Actor, question: SuggestQuestion) -> tuple[Suggestion, ...]:
    """What may be meant by what was typed: nothing for a text without words."""
    start = words(question.text)
    merged: dict[str, _Merged] = {}
    for seen in seen_by(search, actor, question.visibility) if start and question.limit else ():
        for record, member in _members(seen, start, question):
            merged.setdefault(member.label.casefold(), _Merged()).members.append((record, member))
    found = [one.told() for one in sorted(merged.values(), key=lambda one: -one.lines)[: question.limit]]
    return tuple(sorted(found, key=lambda one: (-one.lines, one.label)))


def _members(seen: Seen, start: list[str], question: SuggestQuestion) -> Iterator[tuple[Record, Member]]:
    """The members of one side, each with its dataset."""
    uids = {
        one.uid
        for one in seen.records.values()
        if (question.datasets is None or one.dataset in question.datasets)
        and (question.owners is None or one.owner in question.owners)
    }
    unbound = seen.everything and len(uids) == len(seen.records)
    if uids:
        most = max(_MEMBERS, question.limit * _ALIKE)
        for member in seen.engine.members(start, None if unbound else uids, most):
            record = seen.by_uid.get(member.uid)
            if record is not None and member.uid in uids:
                yield record, member


def _dimension(record: Record, member: Member) -> str:
    """The dimension of a member; that of its ref where the record has no such column."""
    found = (one.dimension for one in record.columns if one.ref == member.ref)
    return next(found, member.ref.partition(".")[0])


def _same(values: Iterable[str]) -> str | None:
    """The one value that all have."""
    several = set(values)
    return several.pop() if len(several) == 1 else None
