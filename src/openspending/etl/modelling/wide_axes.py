"""Columns that differ by year, part of the year, phase or name only: what tells each from the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from openspending.etl.folding import fold
from openspending.etl.modelling.headings import Heading
from openspending.etl.modelling.moneywords import MARK, SCRIPT, Lexicon, data, lexicon, tokens

_NUMBERING: Final = re.compile(r"(?<!\S)[\d(.]{1,2}[).]?(?!\S)")
# words for “amount”, which tell nothing
_AMOUNT: Final = frozenset(
    {
        *("amount", "amounts", "amt", "monto", "importe", "importes", "valor", "value", "betrag", "betrage", "montant"),
        *("importo", "kwota", "castka", "suma", "iznos", "summa", "belop", "bedrag", "сумма", "сума", "ποσο", "tutar"),
        *("износ", "wartosc", "osszeg", "jumlah", "nilai", "金額", "金额", "額", "额", "금액", "סכום", "مبلغ", "total"),
    }
)
_NAMES: Final = {
    "time": ("Fiscal year", "Year", "Budget year"),
    "part": ("Period", "Part of year", "Period of year"),
    "phase": ("Phase", "Budget phase", "Phase of budget"),
    "phase_label": ("Phase label", "Phase name", "Budget phase label"),
    "direction": ("Direction", "Expenditure or revenue", "Kind of flow"),
    "stem": ("Item", "Kind of amount", "Amount of"),
    "value": ("Amount", "Value", "Unpivoted amount"),
}
_TYPES: Final = {
    "time": "date:fiscal-year",
    "part": "date:fiscal-month",
    "phase": "phase:id",
    "phase_label": "phase:label",
    "direction": "direction",
    "stem": "value-kind:code",
}


@dataclass(frozen=True, slots=True)
class Coordinate:
    """An amount column with what its heading says of it."""

    position: int
    label: str
    heading: Heading
    stem: str

    @property
    def time(self) -> str | None:
        """Its year or fiscal year, as it will be written; an odd quarter beside years counts as one."""
        heading = self.heading
        if heading.fiscal_year is not None:
            return heading.fiscal_year
        if heading.year is not None:
            return str(heading.year)
        return heading.period.written if heading.period and heading.period.kind == "other" else None

    @property
    def part(self) -> str | None:
        """Its part of the year, as written; months of four languages are still months."""
        period = self.heading.period
        return period.written if period and period.kind not in ("other", "years") else None

    def value(self, axis: str) -> str | None:
        """What it has on an axis."""
        if axis == "time":
            return self.time
        if axis == "part":
            return self.part
        if axis == "direction":
            return self.heading.direction
        return self.stem if axis == "stem" else self.heading.phase or self.heading.phase_word

    @property
    def timed(self) -> bool:
        """Whether it is of a year or a part of one."""
        return self.time is not None or self.part is not None


@dataclass(frozen=True, slots=True)
class Axes:
    """What tells columns apart: the axes on which they differ, with the value of each column (by position)."""

    names: tuple[str, ...]
    values: Mapping[int, Mapping[str, Any]]
    complete: bool  # every column has a value on every axis
    unique: bool  # no two columns have the same values


def coordinates(labels: Sequence[str], headings: Sequence[Heading], positions: Sequence[int]) -> list[Coordinate]:
    """The columns at `positions`. Numbers that only count the columns are no part of what they are called."""
    stems = {at: _stem(headings[at]) for at in positions}
    bare = {at: re.sub(r"\s+", " ", _NUMBERING.sub(" ", stem)).strip() for at, stem in stems.items()}
    full = len({(headings[at].year, headings[at].period, headings[at].phase_word, stems[at]) for at in positions})
    less = len({(headings[at].year, headings[at].period, headings[at].phase_word, bare[at]) for at in positions})
    chosen = bare if less == full else stems
    return [Coordinate(at, labels[at], headings[at], chosen[at]) for at in positions]


def _stem(heading: Heading) -> str:
    """What a column is called beside its time and phase; words for “amount” do not count there."""
    stem = fold(heading.stem)
    return "" if stem in _AMOUNT and (heading.phase or stem != "total") else stem


def axes_of(columns: Sequence[Coordinate], wanted: Sequence[str]) -> Axes:
    """The axes among `wanted` on which `columns` differ."""
    names = [axis for axis in wanted if len({_told(one, axis) for one in columns}) > 1]
    if "direction" in names and _explained(columns, "direction"):
        names = [one for one in names if one != "stem"]
    elif "direction" in names:
        names.remove("direction")
    values: dict[int, dict[str, Any]] = {one.position: {axis: one.value(axis) for axis in names} for one in columns}
    _write_stems(columns, values)
    if "phase" in names and not _are_unique(values):
        # Devengado and Pagado are both of the executed phase: keep the words apart
        for one in columns:
            values[one.position]["phase"] = one.heading.phase_word
    elif "phase" in names and len({one.value("phase") for one in columns}) == 1:
        for row in values.values():
            del row["phase"]  # several words for one phase, each of another year
    elif "phase" in names:
        _label_phases(columns, values)
    complete = all(value is not None for row in values.values() for value in row.values())
    ordered = tuple(next(iter(values.values()), {}))
    return Axes(ordered, values, complete, _are_unique(values))


def _told(column: Coordinate, axis: str) -> object:
    """What may tell the column apart on `axis`: of phases also the word, as two may be the same phase."""
    return (column.value(axis), column.heading.phase_word) if axis == "phase" else column.value(axis)


def _write_stems(columns: Sequence[Coordinate], values: dict[int, dict[str, Any]]) -> None:
    """Give names as the first label of each has them, not folded."""
    shown: dict[str, str] = {}
    for one in columns:
        if "stem" in values[one.position]:
            values[one.position]["stem"] = shown.setdefault(one.stem, one.heading.stem)


def _explained(columns: Sequence[Coordinate], axis: str) -> bool:
    """Whether the words for the direction are all that the stems say."""
    words = [(one.stem, one.heading.word(axis)) for one in columns]
    return all(word is not None and stem == fold(word.written) for stem, word in words)


def _are_unique(values: Mapping[int, Mapping[str, Any]]) -> bool:
    return len({tuple(row.items()) for row in values.values()}) == len(values)


def _label_phases(columns: Sequence[Coordinate], values: dict[int, dict[str, Any]]) -> None:
    """Add the local word for each phase, where there is one word for each."""
    words = {(one.heading.phase, one.heading.phase_word) for one in columns}
    if len(words) != len({phase for phase, _ in words}) or all(fold(word or "") == phase for phase, word in words):
        return
    for one in columns:
        values[one.position]["phase_label"] = one.heading.phase_word


def extra_fields(axes: Axes, columns: Sequence[Coordinate], labels: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By axis, the field that holds its values; “value” is the one for the amounts. No name is a label's already."""
    taken = {fold(one) for one in labels}
    made: dict[str, dict[str, Any]] = {}
    for axis in axes.names:
        kind = _type(axis, columns)
        made[axis] = {"name": _name(axis, taken, columns), "type": kind, "columnType": _TYPES[axis]}
    name = _name("value", taken, columns)
    made["value"] = {"name": name, "type": "number", "columnType": "value", "normalizationTarget": True}
    return made


def constant_year(columns: Sequence[Coordinate], labels: Sequence[str]) -> dict[str, Any] | None:
    """The field for the one year that all `columns` are of; None if there are several, or a column of years."""
    times = {one.time for one in columns}
    time = next(iter(times)) if len(times) == 1 else None
    others = set(range(len(labels))) - {one.position for one in columns}
    if time is None or any(is_year_column(labels[at]) for at in others):
        return None
    kind = _type("time", columns)
    value = int(time) if kind == "integer" else time
    name = _name("time", {fold(one) for one in labels}, columns)
    return {"name": name, "type": kind, "columnType": _TYPES["time"], "constant": value}


def is_year_column(label: str) -> bool:
    """Whether a label is just a word for “year”."""
    parts = [one for one in tokens(label) if one.kind != MARK]
    hits = _year_words().find(parts)
    whole = len(hits) == 1 and hits[0].last - hits[0].first + 1 == len(parts)
    return whole and (len(hits[0].pattern) > 1 or parts[0].kind == SCRIPT)


@cache
def _year_words() -> Lexicon:
    return lexicon([(data("money-periods")["years"], "year")])


def written(axis: str, value: Any, field: Mapping[str, Any], column: Coordinate) -> Any:
    """A value as `normalize` gives it: whole numbers for plain years and months, else text."""
    if field["type"] != "integer":
        return value
    return column.heading.period.number if axis == "part" and column.heading.period else int(value)


def _type(axis: str, columns: Sequence[Coordinate]) -> str:
    if axis == "time" and all((one.time or "").isdecimal() for one in columns):
        return "integer"
    periods = [one.heading.period for one in columns]
    months = all(one is not None and one.kind == "month" and one.number is not None for one in periods)
    return "integer" if axis == "part" and months else "string"


def _name(axis: str, taken: set[str], columns: Sequence[Coordinate]) -> str:
    names = list(_NAMES[axis])
    kinds = {one.heading.period.kind for one in columns if one.heading.period}
    if axis == "part" and len(kinds) == 1 and kinds <= {"month", "quarter", "half"}:
        names.insert(0, {"month": "Month", "quarter": "Quarter", "half": "Half-year"}[kinds.copy().pop()])
    numbered = (f"{names[0]} ({number})" for number in range(2, len(taken) + 3))
    name = next(one for one in (*names, *numbered) if fold(one) not in taken)
    taken.add(fold(name))
    return name
