"""What the label of a column says about its amounts: year, part of the year, phase, direction, factor, currency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from openspending.etl.folding import fold
from openspending.etl.modelling.headings_parts import Period
from openspending.etl.modelling.headings_time import read_time
from openspending.etl.modelling.moneywords import MARK, Said, Token, tokens
from openspending.etl.modelling.phases import read_direction, read_phase
from openspending.etl.modelling.units import read_unit
from openspending.speaking.said import said

_EMPTY: Final = re.compile(r"[(\[{（【][\s.,;:/*–—-]*[)\]}）】]")
_EDGES: Final = " \t\r\n\u00a0.,;:/|_–—-*'’"
_PREPOSITIONS: Final = frozenset(
    {
        *("in", "en", "em", "v", "w", "u", "i", "za", "na", "per", "for", "of", "de", "du", "pour", "im", "fur", "von"),
        *("para", "por", "al", "as", "at", "to", "din", "pe", "do", "van", "voor", "for", "till", "til"),
        *("в", "у", "за", "на", "по", "до", "σε", "για", "του", "из", "për", "ne", "cho", "untuk", "dalam"),
    }
)
_ALONE: Final = frozenset({"ejercicio", "ejercido"})
_WORDS: Final = ("year", "fiscal_year", "period", "phase", "direction", "factor", "currency")


@dataclass(frozen=True, slots=True)
class Heading:
    """A label and what was recognised in it. `base` is the label without times and units; `stem` is also without the
    word for the phase. Columns with equal stems hold the same amounts of other years or phases."""

    label: str
    base: str
    stem: str
    said: tuple[Said, ...] = ()

    def word(self, kind: str) -> Said | None:
        """What is said of `kind`."""
        return next((one for one in self.said if one.kind == kind), None)

    def _value(self, kind: str) -> Any:
        found = self.word(kind)
        return found.value if found else None

    @property
    def year(self) -> int | None:
        """The year; of a fiscal year that runs over two, the first."""
        value: int | None = self._value("year")
        return value

    @property
    def fiscal_year(self) -> str | None:
        """A fiscal year as written, such as 2014-15."""
        value: str | None = self._value("fiscal_year")
        return value

    @property
    def period(self) -> Period | None:
        """A part of the year."""
        value: Period | None = self._value("period")
        return value

    @property
    def phase(self) -> str | None:
        """proposed, approved, adjusted or executed."""
        value: str | None = self._value("phase")
        return value

    @property
    def phase_word(self) -> str | None:
        """The word for the phase as written."""
        found = self.word("phase")
        return found.written if found else None

    @property
    def direction(self) -> str | None:
        """Expenditure or revenue."""
        value: str | None = self._value("direction")
        return value

    @property
    def factor(self) -> Decimal | None:
        """What amounts are to be multiplied by; None if it is not said, or not clear."""
        value: Decimal | None = self._value("factor")
        return value

    @property
    def currency(self) -> str | None:
        """The ISO 4217 code; None if it is not said, or may be several."""
        value: str | None = self._value("currency")
        return value

    @property
    def currencies(self) -> tuple[str, ...]:
        """The codes that an unclear sign may mean."""
        found = self.word("currency")
        return found.others if found else ()


@lru_cache(maxsize=20_000)
def read_heading(label: str) -> Heading:
    """What `label` says."""
    parts = tokens(label)
    unit = read_unit(label)
    phase, direction = read_phase(label), read_direction(label)
    worded = [one for one in (phase, direction) if one is not None]
    taken = [span for one in (*unit, *worded) for span in one.spans]
    time = read_time(label, parts, taken)
    outside = [span for one in (*unit, *time) for span in one.spans]
    base = _without(label, outside)
    stem = _without(label, [*outside, *(phase.spans if phase else ())])
    return Heading(label, base, stem, (*time, *worded, *unit))


def in_context(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """`headings` of amounts that stand side by side. Beside budgets, a column called just “Expenditures” holds what
    was spent; beside what was spent, a “Budget” or “Plan” is the approved one."""
    phases = {one.phase for one in headings if one.phase}
    budgets = bool(phases - {"executed"})
    return tuple(_in_context(one, budgets=budgets, spent="executed" in phases) for one in headings)


def _in_context(heading: Heading, *, budgets: bool, spent: bool) -> Heading:
    phase = heading.word("phase")
    if phase and phase.value == "approved" and phase.confidence < 80 and spent:
        surer = replace(phase, confidence=80, why=said("{why} beside what was spent", why=phase.why))
        return replace(heading, said=tuple(surer if one is phase else one for one in heading.said))
    direction = heading.word("direction")
    alone = fold(heading.base) in _ALONE or (direction is not None and _is_only(heading.base, direction))
    if phase or not budgets or not alone:
        return heading
    written = direction.written if direction else heading.base
    found = Said(
        "phase", "executed", written, 80, said("“{written}” beside budgets means what was executed", written=written)
    )
    return replace(heading, stem="", said=(*heading.said, found))


def _is_only(base: str, direction: Said) -> bool:
    return fold(base) == fold(direction.written)


def _without(label: str, spans: Sequence[tuple[int, int]]) -> str:
    """`label` without the characters of `spans`, the marks around them, and brackets left empty."""
    kept = "".join(" " if any(start <= at < end for start, end in spans) else one for at, one in enumerate(label))
    words = [one for one in tokens(kept) if one.kind != MARK]
    if not words:
        return "%" if "%" in kept else ""
    for one in _loose_ends(kept, spans):
        kept = kept[: one.start] + " " * (one.end - one.start) + kept[one.end :]
    kept = re.sub(r"(?<=[(\[{（【])[\s.,;:]+|[\s,;:]+(?=[)\]}）】])", "", _EMPTY.sub(" ", kept))
    return re.sub(r"\s+", " ", kept).strip(_EDGES)


def _loose_ends(kept: str, spans: Sequence[tuple[int, int]]) -> Iterator[Token]:
    """Words like “in” and “for” that stood before something taken out."""
    words = [one for one in tokens(kept) if one.kind != MARK]
    for number, one in enumerate(words):
        following = words[number + 1].start if number + 1 < len(words) else len(kept)
        taken = any(one.end <= start < following for start, _ in spans)
        if one.text in _PREPOSITIONS and (taken or any(one.start - 2 <= end <= one.start for _, end in spans)):
            yield one
