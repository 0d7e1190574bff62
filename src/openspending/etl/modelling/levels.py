"""From meanings to ColumnTypes: the levels of classifications in their order, codes and labels, one place for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openspending.etl.modelling.pairs import Dependencies
from openspending.etl.modelling.rolesamounts import Sight
from openspending.etl.modelling.rolesvalues import cofog

CLASSIFIED: Final[Mapping[str, tuple[str, int]]] = {  # with the levels that there are
    "administrative": ("administrative-classification:generic", 8),
    "functional": ("functional-classification:generic", 8),
    "economic": ("economic-classification:generic", 8),
    "fin-source": ("fin-source:generic", 3),
}
ACTIVITIES: Final = ("program", "subprogram", "project", "subproject", "contract")
PLACES: Final = ("country", "region", "county", "city")
_COFOG: Final = ("division", "group", "class")
_SINGLE: Final[Mapping[str, tuple[str, str | None]]] = {  # code and label
    "supplier": ("supplier:generic:id", "supplier:generic:name"),
    "recipient": ("recipient:generic:id", "recipient:generic:name"),
    "procurer": ("procurer:generic:id", "procurer:generic:name"),
    "administrator": ("administrator:generic:id", "administrator:generic:name"),
    "phase": ("phase:id", "phase:label"),
    "currency": ("value-currency:code", "value-currency:label"),
    "expenditure-type": ("expenditure-type:code", "expenditure-type:label"),
    "value-kind": ("value-kind:code", "value-kind:label"),
    "place": ("geo-source:generic:code", "geo-source:generic:title"),
    "zip": ("geo-source:address:zip:code", None),
    "street": ("geo-source:address:street-address:description", None),
    "direction": ("direction", None),
    "transfer": ("budgetary-transfers", None),
    "invoice": ("transaction-id:invoice-id", None),
    "order": ("transaction-id:purchase-order", None),
    "agreement": ("transaction-id:contract-id", None),
    "tender": ("transaction-id:tender-id", None),
    "budget-line": ("budget-line-id", None),
    "row-id": ("transaction-id:code", None),
    "year": ("date:fiscal-year", None),
    "month": ("date:fiscal-month", None),
    "date": ("date:generic", None),
    "start": ("date:fiscal:activity-start", None),
    "end": ("date:fiscal:activity-end", None),
    "approval": ("date:fiscal:activity-approval", None),
    "first-payment": ("date:fiscal:first-payment", None),
    "final-payment": ("date:fiscal:final-payment", None),
}
_REPEATED: Final = frozenset({"date"})  # several columns may be of this type
DATES: Final = frozenset({"year", "month", "date", "start", "end", "approval", "first-payment", "final-payment"})


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of one thing: a code, and perhaps its label. `column` is the code's number."""

    column: int
    label: int | None
    meaning: str
    points: int
    reason: str = ""


def type_alone(meaning: str, level: int | None = None, *, label: bool = False) -> str | None:
    """The ColumnType of a column if nothing but its meaning is known."""
    if meaning in CLASSIFIED:
        prefix, most = CLASSIFIED[meaning]
        return f"{prefix}:level{min(level or 1, most)}:{'label' if label else 'code'}"
    if meaning in ACTIVITIES:
        return f"activity:generic:{meaning}:{'label' if label else 'code'}"
    if meaning in PLACES:
        return f"geo-source:address:{meaning}:{'label' if label else 'code'}"
    single = _SINGLE.get(meaning)
    return (single[1] if label else single[0]) if single is not None else None


def column_types(groups: Sequence[Group], sights: Sequence[Sight], known: Dependencies) -> dict[int, str]:
    """The ColumnTypes of the columns of all groups; those for which there is no place left out."""
    found: dict[int, str] = {}
    for meaning in (*CLASSIFIED, *_SINGLE):
        some = [one for one in groups if one.meaning == meaning]
        if meaning in CLASSIFIED:
            found.update(_classified(meaning, some, sights, known))
        else:
            found.update(_single(meaning, some))
    for slots, prefix, place in (
        (ACTIVITIES, "activity:generic", _in_turn),
        (PLACES, "geo-source:address", _each_at_its_own),
    ):
        some = [one for one in groups if one.meaning in slots]
        ranked = [one for slot in slots for one in _ordered([g for g in some if g.meaning == slot], sights, known)]
        found.update(_slotted(prefix, place(slots, ranked, known), known))
    return found


def _single(meaning: str, groups: Sequence[Group]) -> Iterator[tuple[int, str]]:
    """The type goes to the likeliest group, to the first of several like it."""
    code, label = _SINGLE[meaning]
    ranked = sorted(groups, key=lambda one: (-one.points, one.column))
    for one in ranked if meaning in _REPEATED else ranked[:1]:
        yield one.column, code
        if one.label is not None and label is not None:
            yield one.label, label


def _classified(
    meaning: str, groups: Sequence[Group], sights: Sequence[Sight], known: Dependencies
) -> Iterator[tuple[int, str]]:
    prefix, most = CLASSIFIED[meaning]
    rest = list(groups)
    if meaning == "functional":
        standard = _cofog(groups, sights)
        rest = [one for one in groups if one not in standard]
        for one, level in standard.items():
            yield from _typed(one, "functional-classification:cofog" + (f":{level}" if level else ""), "")
    ordered = _ordered(rest, sights, known)
    levels = [sights[one.column].header.level or 0 for one in ordered]
    if len(set(levels)) < len(levels) or min(levels, default=0) == 0 or max(levels, default=0) > most:
        levels = list(range(1, len(ordered) + 1))
    for number, (one, place) in enumerate(zip(ordered, levels, strict=True)):
        if place <= most:
            yield from _typed(one, f"{prefix}:level{place}", _part(one, ordered[:number], known))
        elif number == most:
            yield from _typed(one, prefix, "")


def _typed(group: Group, prefix: str, part: str) -> Iterator[tuple[int, str]]:
    yield group.column, f"{prefix}:code{part}"
    if group.label is not None:
        yield group.label, f"{prefix}:label"


def _part(group: Group, parents: Sequence[Group], known: Dependencies) -> str:
    """“:part” if a code has several names by itself, yet one below its parents."""
    if group.label is None or not parents:
        return ""
    alone = known.determines((group.column,), group.label)
    below = known.determines((*(one.column for one in parents), group.column), group.label)
    return ":part" if alone is not None and below is not None and alone < 90 and below >= 97 else ""


def _ordered(groups: Sequence[Group], sights: Sequence[Sight], known: Dependencies) -> list[Group]:
    """The groups from broad to narrow: as their headers number them, else as they stand, a parent before its child."""
    levels = [sights[one.column].header.level for one in groups]
    if None not in levels and len(set(levels)) == len(levels):
        return sorted(groups, key=lambda one: sights[one.column].header.level or 0)
    ordered = sorted(groups, key=lambda one: one.column)
    if len(ordered) > 1:
        known.measure((one.column, other.column) for one in ordered for other in ordered if one is not other)
    for end in range(len(ordered) - 1, 0, -1):
        for at in range(end):
            one, other = ordered[at], ordered[at + 1]
            if _is_child(one.column, other.column, known):
                ordered[at], ordered[at + 1] = other, one
    return ordered


def _is_child(one: int, other: int, known: Dependencies) -> bool:
    """Whether `other` is determined by `one` and coarser."""
    down, up = known.determines((one,), other), known.determines((other,), one)
    if down is None or up is None:
        return False
    return down >= 97 and up < 80 and known.count((other,)) * 12 < known.count((one,)) * 10


def _cofog(groups: Sequence[Group], sights: Sequence[Sight]) -> dict[Group, str]:
    """The groups that are levels of COFOG itself, each another one."""
    found: dict[Group, str] = {}
    for one in sorted(groups, key=lambda group: group.column):
        header = sights[one.column].header
        named = any("cofog" in word for word in header.words)
        part, level = max(
            (cofog(sights[number].profile, named=named) for number in (one.column, one.label) if number is not None),
            key=lambda found: found[0],
        )
        if named and header.level is not None and header.level <= len(_COFOG) and part >= 60:
            level = _COFOG[header.level - 1]
        if level is None and part >= 70 and len(groups) == 1:
            level = ""  # codes of all levels
        if level is not None and (part >= 70 or named) and part >= 60 and level not in found.values():
            found[one] = level
    return found


def _in_turn(slots: Sequence[str], ranked: Sequence[Group], known: Dependencies) -> dict[str, Group]:
    """Each group at the place that its meaning names, or after the one before: of two programmes the second is a
    subprogramme, and a subprogramme after them is a project."""
    taken: dict[str, Group] = {}
    last = -1
    for one in ranked:
        last = max(slots.index(one.meaning), last + 1)
        free = [slot for slot in (*slots[last:], *slots[:last][::-1]) if slot not in taken]
        if free and not _is_copy(one, taken.values(), known):
            taken[free[0]] = one
            last = slots.index(free[0])
    return taken


def _each_at_its_own(slots: Sequence[str], ranked: Sequence[Group], known: Dependencies) -> dict[str, Group]:
    """The first group of each meaning at its place; the others move on to the next free one."""
    taken: dict[str, Group] = {}
    for one in ranked:
        taken.setdefault(one.meaning, one)
    for one in ranked:
        after = slots.index(one.meaning)
        free = [slot for slot in (*slots[after:], *slots[:after][::-1]) if slot not in taken]
        placed = one in taken.values() or one.meaning == "country"  # another country is no region
        if free and not placed and not _is_copy(one, taken.values(), known):
            taken[free[0]] = one
    return taken


def _is_copy(group: Group, others: Iterable[Group], known: Dependencies) -> bool:
    """Whether the group says the same as another, in other words."""
    for other in others:
        there, back = known.determines((group.column,), other.column), known.determines((other.column,), group.column)
        if there == back == 100 and group.meaning == other.meaning and known.count((group.column,)) > 4:
            return True
    return False


def _slotted(prefix: str, taken: Mapping[str, Group], known: Dependencies) -> Iterator[tuple[int, str]]:
    done: list[Group] = []
    for slot in (*ACTIVITIES, *PLACES):
        if slot in taken:
            yield from _typed(taken[slot], f"{prefix}:{slot}", _part(taken[slot], done, known))
            done.append(taken[slot])
