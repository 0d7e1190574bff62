"""Which columns of numbers are amounts: what cells, headers and neighbours say, as a likelihood in percent.

This decides what money is counted, so what is not clear is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openspending.etl.modelling.codes import damaged_by_number
from openspending.etl.modelling.headings import Heading
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.wordsheader import Header
from openspending.etl.modelling.written import Writing
from openspending.speaking.said import said, together

_CLEAR: Final = 80
_SURE: Final = 86
_SAME: Final = 20  # for the same amounts of other years
_STRONG: Final = 60  # points of a word whose meaning is clear
_RULED_OUT: Final = 30  # percent below which a column may be an amount only if others say so
_SMALL: Final = 3  # digits of rates and shares
_UNITS: Final = frozenset({"year", "month"})
_OTHER: Final = frozenset({"amount", "not-money", "remark", "row-id"})


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything that is known of a column before its meaning."""

    profile: Profile
    writing: Writing
    heading: Heading
    header: Header

    @property
    def numeric(self) -> bool:
        """Whether the cells can be read as numbers."""
        return self.reading is not None

    @property
    def reading(self) -> Writing | None:
        """The cells as numbers, where they can be read so."""
        return self.writing if self.writing.kind == "number" else self.writing.number


@dataclass(frozen=True, slots=True)
class AmountGuess:
    """How likely the column is an amount, in percent, and why; `reason` speaks for the likelier answer."""

    likely: int
    reason: str

    @property
    def measure(self) -> bool:
        """Whether it is more likely an amount than not."""
        return self.likely >= 50

    @property
    def confidence(self) -> int:
        """Confidence in the likelier answer."""
        return self.likely if self.measure else 100 - self.likely


def amounts(sights: Sequence[Sight]) -> list[AmountGuess]:
    """For each column how likely it is an amount; 0 for those without numbers."""
    scored = [_scored(one) for one in sights]
    firm = [number for number, (score, _) in enumerate(scored) if score >= _CLEAR]
    result = []
    for number, (score, reasons) in enumerate(scored):
        points, why = _beside(number, sights, firm) if _RULED_OUT <= score < _CLEAR else (0, "")
        if not firm and score >= 40 and score == max(other for other, _ in scored):
            points, why = 15, said("no other column is more like an amount")
        more = _timed(number, sights) or _only(number, sights, scored)
        if more and score >= _RULED_OUT and points < _SAME:
            points, why = max(_SURE - score, _SAME), more
        total = max(0, min(97, score + points))
        if total >= _CLEAR and points < _SAME and not _told(sights[number], reasons):
            total = _CLEAR - 1
        stated = [*reasons, (points, why)] if points else reasons
        result.append(AmountGuess(total, _reason(stated, likely=total >= 50)))
    return result


def _timed(number: int, sights: Sequence[Sight]) -> str:
    """Why a column whose header is only a time, such as FY15, holds amounts: another one is of another time."""
    own = _time(sights[number])
    times = {_time(one) for one in sights if one is not sights[number]} - {None, own}
    if own is None or not times:
        return ""
    return said("its header is a time, as those of other columns of numbers are")


def _time(sight: Sight) -> tuple[object, ...] | None:
    """The time that the header is, of a column of numbers that could be amounts."""
    heading, writing = sight.heading, sight.writing
    dated = heading.year is not None or heading.fiscal_year is not None or heading.period is not None
    if not dated or heading.base or writing.kind != "number" or sight.header.coded:
        return None
    return heading.year, heading.fiscal_year, heading.period


def _only(number: int, sights: Sequence[Sight], scored: Sequence[tuple[int, Sequence[tuple[int, str]]]]) -> str:
    """Why a column is an amount whatever its numbers look like: its header says it, and no other column can be one."""
    if not _called_amount(sights[number]):
        return ""
    others = [score for at, (score, _) in enumerate(scored) if at != number and not _called_amount(sights[at])]
    return said("no other column can be an amount") if max(others, default=0) < _RULED_OUT else ""


def _called_amount(sight: Sight) -> bool:
    """Whether the header says nothing but that it is an amount, and the cells would lose nothing as numbers."""
    header = sight.header
    if not sight.numeric or header.part is not None or header.aside or sight.writing.kind == "year":
        return False
    known = header.points("amount") >= _STRONG and header.points("amount") > header.points(header.best or "")
    return known and not damaged_by_number(dict(sight.profile.values))


def _told(sight: Sight, reasons: Sequence[tuple[int, str]]) -> bool:
    """Whether the header says that it is an amount, or cells are like nothing else: counts, rates and shares are
    numbers too, and their headers may be in words that we do not know."""
    reading = sight.reading
    if reading is None or _has_currency(sight):
        return True
    if any(points > 0 for points, _ in reasons[1:]):
        return True
    group = reading.props.get("groupChar") or " "
    runs = (re.search(r"\d+", text.replace(group, "")) for text, _ in sight.profile.values)
    return not reading.plain and max((len(one.group()) for one in runs if one is not None), default=0) > _SMALL


def _has_currency(sight: Sight) -> bool:
    return sight.reading is not None and bool(sight.reading.currency or sight.reading.currencies)


def _reason(stated: Sequence[tuple[int, str]], *, likely: bool) -> str:
    ranked = sorted((one for one in stated if (one[0] > 0) == likely and one[0]), key=lambda one: -abs(one[0]))
    return together(*(text for _, text in ranked[:3]), between=", ") or said("little speaks for the other")


def _scored(sight: Sight) -> tuple[int, list[tuple[int, str]]]:
    """Points out of a hundred before the neighbours are looked at, with the reasons."""
    if not sight.numeric:
        return 0, [(-100, said("it holds no numbers: {reason}", reason=sight.writing.reason))]
    stated = [_cells(sight), *_words(sight), *_headed(sight)]
    return max(0, min(97, sum(points for points, _ in stated) + 50)), stated


def _cells(sight: Sight) -> tuple[int, str]:
    score, reading = sight.writing.score, sight.reading
    return score - 50, reading.reason if reading is not None and score >= 50 else sight.writing.reason


def _words(sight: Sight) -> list[tuple[int, str]]:
    """What words of the header speak for, as far as they are of amounts or of other numbers."""
    header = sight.header
    amount, other = header.points("amount"), header.points("not-money")
    coded = header.coded and header.part == "code"
    amount = 0 if coded else amount  # “Código da despesa” is no amount of expenditure
    thing = max((points for one, (points, _) in header.meanings.items() if one not in _OTHER), default=0)
    if header.points("year") >= 60 and sight.writing.kind != "year":
        thing = min(thing, 20)  # “Budget year 2015” may be the amount of that year
    stated: list[tuple[int, str]] = []
    if other > amount or (other and other >= 60):
        others = set(header.meanings) - {"not-money"}
        clear = other >= _STRONG or bool(others and others <= _UNITS)  # “avg tenor yr” is measured in years
        off = -35 if not clear else -45 if _has_currency(sight) else -80
        stated.append((off, said("“{word}” is no amount of money", word=header.meanings["not-money"][1])))
    elif amount:
        word = header.meanings["amount"][1]
        points = 38 if amount >= _STRONG else 26 if amount >= 40 else 16
        stated.append(
            (points - (10 if thing > amount else 0), said("“{word}” in the header means an amount", word=word))
        )
    if thing > amount:
        stated.append(
            (-40 if thing >= 60 else -15, said("the header names something else (“{label}”)", label=header.label))
        )
    if header.part == "code":
        stated.append((-50 if coded else -40, said("the header says that it is a code")))
    if header.points("remark") >= 60 or header.points("row-id") >= 60:
        stated.append((-35, said("the header is of something that is not counted")))
    return stated


def _headed(sight: Sight) -> list[tuple[int, str]]:
    """What the header says of amounts: phase, direction, unit, the year alone."""
    heading, header = sight.heading, sight.header
    stated: list[tuple[int, str]] = []
    if "%" in header.label:
        return [(-80, said("“%” in the header is no amount"))]
    if heading.currency or heading.currencies or heading.factor is not None:
        stated.append((34, said("the header has a unit of money")))
    if header.part == "code" or header.points("year") >= 60:
        return stated
    if heading.phase and not header.points("amount"):
        stated.append((26, said("“{word}” is said of amounts", word=heading.phase_word)))
    elif heading.direction and not header.points("amount"):
        stated.append((20, said("income or expenditure is in the header")))
    dated = heading.year is not None or heading.fiscal_year is not None or heading.period is not None
    if dated and not heading.base:
        stated.append((38, said("the header is a time: its column holds the amounts of that time")))
    return stated


def _beside(number: int, sights: Sequence[Sight], firm: Sequence[int]) -> tuple[int, str]:
    """Points because a neighbour is clearly an amount that is written in the same way."""
    reading = _reading(sights[number])
    if sights[number].header.part == "code" or sights[number].header.points("not-money") >= 40:
        return 0, ""
    base = sights[number].heading.base
    if base and any(sights[one].heading.base == base for one in firm):
        return _SAME, said("other columns of “{base}” hold amounts", base=base)
    same = [one for one in firm if abs(one - number) == 1 and _reading(sights[one]) == reading]
    if same:
        return 14, said("it stands beside “{label}”, which holds amounts", label=sights[same[0]].profile.label)
    return 0, ""


def _reading(sight: Sight) -> tuple[object, ...]:
    found = sight.reading
    props = found.props if found is not None else {}
    return props.get("decimalChar", "."), props.get("groupChar")
