"""Whether the members of a dimension exclude each other, and which to begin with: by ColumnTypes, else by words.

The words are those that imports are read with. A name alone decides only where it can mean nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openspending.analytics.guards.roles import CURRENCY, DIRECTION, PHASE, VALUE_KIND, VERSION, Default, Member
from openspending.etl.folding import fold
from openspending.etl.modelling.currencies import currencies
from openspending.etl.modelling.moneywords import Said, tokens
from openspending.etl.modelling.phases import read_direction, read_phase
from openspending.etl.modelling.wordsheader import read_headers
from openspending.fdp.model import Attribute
from openspending.speaking.said import said

CONCEPTS: Final[Mapping[str, str]] = {
    "phase": PHASE,
    "direction": DIRECTION,
    "value-currency": CURRENCY,
    "value-kind": VALUE_KIND,
    "version": VERSION,
    "budget-version": VERSION,
}
# Words for a version, as a whole name or beside a word for a budget.
_VERSIONS: Final = frozenset(
    (
        "version", "versions", "revision", "scenario", "szenario", "versione", "versao", "wersja", "verze", "verzia",
        "verzija", "verzio", "versie", "versjon", "versio", "версия", "версія", "верзија", "surum", "escenario",
    )
)  # fmt: skip
_BESIDE: Final = frozenset(("budget", "id", "code", "no", "number", "nr", "name", "presupuesto", "haushalt"))
_SURE_NAMES: Final = {PHASE: frozenset({"phase"}), DIRECTION: frozenset({"direction"})}
_OF_ONE_PAYMENT: Final = frozenset({"remark", "region", "country"})  # a status; in Spanish, “estado” is a region too
_CLEAR: Final = 60  # points from which a header's word counts
_FEW: Final = 20  # members of a dimension of phases or versions at most
_PAIR: Final = 4
_MOST: Final = 90  # percent of the members
_LIFE: Final = ("proposed", "approved", "adjusted", "executed")


Reader = Callable[[str], Said | None]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The kind of an exclusive dimension, and the reason as a sentence."""

    kind: str
    reason: str


def meaning(attribute: Attribute, names: Sequence[str], members: Sequence[Member]) -> Meaning | None:
    """What kind of exclusive dimension `attribute` is the key of; None when its members may be added together.

    `names` are what it is called (dimension, attribute, field, title); `members` are all of them, or the most frequent.
    """
    if not may_exclude(attribute):
        return None
    concept = _concept(attribute)
    if concept in CONCEPTS:
        return Meaning(CONCEPTS[concept], said("Its ColumnType is {type}.", type=attribute.column_type))
    known = [_texts(one) for one in members if one.value is not None]
    both = _opposite(known)
    if concept.endswith("-classification"):
        return both
    return both or _named(names, known) or _stages(names, known)


def may_exclude(attribute: Attribute) -> bool:
    """Whether there may be a `meaning`, whatever the members: not where the publisher said what the attribute is.
    Revenue beside spending is no one sum, though, whatever a classification is called."""
    concept = _concept(attribute)
    return concept in CONCEPTS or concept in ("", "unknown") or concept.endswith("-classification")


def _concept(attribute: Attribute) -> str:
    return (attribute.column_type or "").split(":", maxsplit=1)[0]


def default(kind: str, members: Sequence[Member]) -> Default:
    """The member to begin with; `members` come with the most facts first, and are not none."""
    known = [one for one in members if one.value is not None] or list(members)
    if kind == PHASE:
        found = [(rank, one) for one in known if (rank := _rank(one)) is not None]
        if found:
            best = max(found, key=lambda one: one[0])[1]
            return Default(best.value, "It is the last phase of a budget’s life that the facts have.")
    if kind == DIRECTION:
        spent = next((one for one in known if _said(one, read_direction) == "expenditure"), None)
        if spent is not None:
            return Default(spent.value, "It is the money that goes out.")
    return Default(known[0].value, "It has the most facts.")


def _opposite(members: Sequence[Sequence[str]]) -> Meaning | None:
    """Members that are, each of them, words for one direction, both being there."""
    found = {_whole(texts, read_direction) for texts in members}
    if found == {"expenditure", "revenue"}:
        return Meaning(DIRECTION, said("Its members are words for money going out and money coming in."))
    return None


def _named(names: Sequence[str], members: Sequence[Sequence[str]]) -> Meaning | None:
    """By its name, where the members agree with it, or where the name can mean nothing else."""
    headers = read_headers(list(names))
    stated = {what for one in headers for what, (points, _) in one.meanings.items() if points >= _CLEAR}
    plain = {fold(one).strip() for one in names}
    few = 0 < len(members) <= _FEW
    if few and any(_is_version(one) for one in names):
        return Meaning(VERSION, said("It is called a version."))
    if PHASE in stated and few:
        phases = [_whole(one, read_phase) is not None for one in members]
        if sum(phases) * 2 >= len(members) or plain & _SURE_NAMES[PHASE]:
            return Meaning(PHASE, said("Its name and its members are words for phases of a budget."))
    if DIRECTION in stated and len(members) <= _PAIR:
        known = [_whole(one, read_direction) is not None for one in members]
        if all(known) or plain & _SURE_NAMES[DIRECTION]:
            return Meaning(DIRECTION, said("Its name and its members are words for the direction of money."))
    if "currency" in stated and members and _are_currencies(members):
        return Meaning(CURRENCY, said("Its name and its members are those of currencies."))
    return None


def _stages(names: Sequence[str], members: Sequence[Sequence[str]]) -> Meaning | None:
    """Members that are all words for phases, one of them for what was spent, unless it is called a status: that is of
    one payment, which is money once."""
    others = {
        what for one in read_headers(list(names)) for what, (points, _) in one.meanings.items() if points >= _CLEAR
    }
    if not 1 < len(members) <= _FEW or others & _OF_ONE_PAYMENT:
        return None
    found = [_whole(one, read_phase) for one in members]
    if None in found or "executed" not in found or len(set(found)) == 1:
        return None
    return Meaning(PHASE, said("Its members are words for phases of a budget."))


def _is_version(name: str) -> bool:
    words = {one.text for one in tokens(name) if one.kind == "word"}
    return bool(words & _VERSIONS) and words <= _VERSIONS | _BESIDE


def _whole(texts: Sequence[str], read: Reader) -> str | None:
    """The phase or direction that the texts of a member name, where that word is most of what one of them says."""
    for text in texts:
        stated = read(text)
        if stated is not None and stated.value is not None:
            covered = sum(end - start for start, end in stated.spans)
            if covered * 2 >= len(text.strip()):
                return str(stated.value)
    return None


def _rank(member: Member) -> tuple[int, bool, int] | None:
    """How late in a budget’s life; of several such members, the one called by the standard’s word, or the clearest."""
    found = [
        (one, stated) for one in _texts(member) if (stated := read_phase(one)) is not None and stated.value in _LIFE
    ]
    return max(
        ((_LIFE.index(stated.value), text == stated.value, stated.confidence) for text, stated in found), default=None
    )


def _texts(member: Member) -> list[str]:
    return [one for one in (member.value, member.label) if isinstance(one, str)]


def _said(member: Member, read: Reader) -> str | None:
    found = (read(one) for one in _texts(member))
    return next((str(one.value) for one in found if one is not None and one.value is not None), None)


def _are_currencies(members: Sequence[Sequence[str]]) -> bool:
    known = [any(currencies(text, before=True) for text in texts) for texts in members]
    return sum(known) * 100 >= len(members) * _MOST
