"""What the members of a kind of money are called: phases and directions in our words, the rest as published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from openspending.analytics.guards.roles import CURRENCY, DIRECTION, PHASE, Exclusive, Member
from openspending.etl.modelling.moneywords import Said
from openspending.etl.modelling.phases import read_direction, read_phase

_OURS: Final[Mapping[str, tuple[Callable[[str], Said | None], frozenset[str]]]] = {
    PHASE: (read_phase, frozenset({"proposed", "approved", "adjusted", "executed"})),
    DIRECTION: (read_direction, frozenset({"expenditure", "revenue"})),
}


@dataclass(frozen=True, slots=True)
class _Known:
    """Our word for a member, and how clearly the member says it."""

    word: str
    clear: tuple[bool, int]


def mark_of(kind: str, *texts: str | None) -> str | None:
    """What a member of a kind of money is called, of which `texts` are the value and, if it has one, the label."""
    given = [one for one in texts if one]
    known = _known(kind, given)
    if known is not None:
        return known.word
    if kind == CURRENCY and given:
        return given[0].strip().upper()
    return given[-1] if given else None


def marks_of(exclusive: Exclusive) -> dict[str | None, str | None]:
    """What the members of a dimension are called, by their values as texts.

    Two members that are both words for one phase stay apart, for they may have the same money: the clearer one gets our
    word, the other keeps its own.
    """
    texts = {one.value: _texts(one) for one in exclusive.members}
    marks = {(given[0] if given else None): mark_of(exclusive.kind, *given) for given in texts.values()}
    if exclusive.kind != PHASE:
        return marks
    clearest: dict[str, tuple[bool, int]] = {}
    winner: dict[str, str] = {}
    known = {given[0]: found for given in texts.values() if given and (found := _known(PHASE, given)) is not None}
    for value, one in known.items():
        if one.word not in clearest or one.clear > clearest[one.word]:
            clearest[one.word], winner[one.word] = one.clear, value
    own = {given[0]: given[-1] for given in texts.values() if given}
    return {**marks, **{value: own[value] for value, one in known.items() if winner[one.word] != value}}


def _texts(member: Member) -> list[str]:
    """The value as its column has it, and the label."""
    if member.value is None:
        return []
    value = str(member.value).lower() if isinstance(member.value, bool) else str(member.value)
    return [value, member.label] if member.label else [value]


def _known(kind: str, texts: list[str]) -> _Known | None:
    if kind not in _OURS:
        return None
    read, ours = _OURS[kind]
    found = [(one, said) for one in texts if (said := read(one)) is not None and said.value in ours]
    known = [_Known(str(said.value), (one == said.value, said.confidence)) for one, said in found]
    return max(known, key=lambda one: one.clear, default=None)
