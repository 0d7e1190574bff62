"""Wide tables: years, parts of years, phases or funds in columns, and how `normalize` makes rows of them.

Two or more years are made rows; phases of one year stay measures of their own unless asked for. A total beside its
parts is never made rows together with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.modelling.headings import Heading, in_context
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.wide_axes import (
    Axes,
    Coordinate,
    axes_of,
    constant_year,
    coordinates,
    extra_fields,
    written,
)
from openspending.etl.modelling.wide_rest import Rest, is_total, leave_out, names_funds
from openspending.etl.modelling.wide_totals import TotalColumn
from openspending.speaking.said import Said, later, said

ROWS: Final = said("rows")
COLUMNS: Final = said("columns")
_LIKELY: Final = 50  # percent from which a column counts as one of amounts
_SAID: Final = {
    "time": later("years ({count})"),
    "part": later("parts of the year ({count})"),
    "phase": later("phases ({count})"),
    "direction": later("directions ({count})"),
    "stem": later("names ({count})"),
}


@dataclass(frozen=True, slots=True)
class WidePlan:
    """How columns become rows: the `normalize` of each column by its label, the extra fields, and amount columns that
    must not be measures beside them."""

    normalize: Mapping[str, Mapping[str, Any]]
    extra_fields: tuple[Mapping[str, Any], ...]
    left_out: tuple[str, ...] = ()

    def effect(self) -> dict[str, Any]:
        """What it changes in the schema."""
        return {
            "fields": {label: {"normalize": dict(values)} for label, values in self.normalize.items()},
            "extraFields": [dict(one) for one in self.extra_fields],
            "notAmounts": list(self.left_out),
        }


@dataclass(frozen=True, slots=True)
class WideProposal:
    """The question whether columns become rows, and the plan for it. `totals` are the sums found among the columns."""

    proposal: Proposal
    plan: WidePlan
    totals: tuple[TotalColumn, ...] = ()


def propose_wide(
    labels: Sequence[str],
    headings: Sequence[Heading],
    amounts: Mapping[int, int],
    profiles: Sequence[Profile] = (),
    totals: Sequence[TotalColumn] | None = None,
) -> WideProposal | None:
    """Whether columns of amounts are years, phases or funds; None if they are not.

    `amounts` say how likely (percent, or True) the column at a position holds amounts; `totals` are what
    `total_columns` found, or None if nobody looked.
    """
    positions = _positions(headings, amounts, profiles)
    if len(positions) < 2:
        return None
    beside = dict(zip(positions, in_context([headings[at] for at in positions]), strict=True))
    headings = [beside.get(at, one) for at, one in enumerate(headings)]
    columns = coordinates(labels, headings, positions)
    timed = _family([one for one in columns if one.timed])
    if len({(one.time, one.part) for one in timed}) > 1:
        return _by_time(labels, columns, timed, totals)
    phased = [one for one in columns if one.heading.phase]
    if len({one.heading.phase_word for one in phased}) > 1 and len({one.stem for one in phased}) == 1:
        return _by_choice(labels, phased, ("phase",), columns, totals, said("phases of one budget"))
    if names_funds(columns):
        return _by_choice(labels, columns, ("stem",), columns, totals, said("names of funds or places"))
    return _sums(columns, totals or ())


def _positions(headings: Sequence[Heading], amounts: Mapping[int, int], profiles: Sequence[Profile]) -> list[int]:
    """Columns of amounts; an empty one is among them if its heading is a year as theirs are."""
    found = {at for at, score in amounts.items() if score is True or score >= _LIKELY}
    if any(headings[at].year is not None for at in found):
        empty = {one.position for one in profiles if one.filled == 0 and one.complete}
        found |= {at for at in empty if headings[at].year is not None}
    return sorted(found)


def _family(timed: Sequence[Coordinate]) -> list[Coordinate]:
    """The columns whose names occur for several years; others only mention a year."""
    times = {one.stem: {(two.time, two.part) for two in timed if two.stem == one.stem} for one in timed}
    most = max((len(found) for found in times.values()), default=0)
    return [one for one in timed if len(times[one.stem]) * 2 >= most > 1]


def _by_time(
    labels: Sequence[str],
    columns: Sequence[Coordinate],
    family: Sequence[Coordinate],
    totals: Sequence[TotalColumn] | None,
) -> WideProposal | None:
    """Columns of several years become rows."""
    inside = _totals_inside(family, totals or ())
    family = [one for one in family if one.position not in inside]
    named = {one.stem for one in family if not is_total(one.label)}
    if len({one.stem for one in family}) > 1 and named:
        family = [one for one in family if one.stem in named]
    rest = leave_out([one for one in columns if one not in family], family, totals, inside)
    axes = axes_of(family, ("time", "part", "phase", "direction", "stem"))
    if not axes.unique or not axes.complete:
        return _unclear(labels, family, rest, totals)
    doubt = _doubt(family, axes)
    confidence = min(95, rest.confidence, 60 if doubt else 95, 70 if "stem" in axes.names else 95)
    plan = _plan(labels, family, axes, rest)
    reason = said(
        "{count} columns differ only by {axes}{doubt}{reason}",
        count=len(family),
        axes=_listed(axes),
        doubt=doubt,
        reason=rest.reason,
    )
    rows = Choice(ROWS, confidence, reason, plan.effect())
    keep = Choice(COLUMNS, 100 - confidence, said("each column may be a measure of its own"))
    return WideProposal(_proposal(family, (rows, keep)), plan, tuple(totals or ()))


def _doubt(family: Sequence[Coordinate], axes: Axes) -> str:
    """Why parts of years may hold one amount twice: 1-3 and 1-6 are cumulative, a half holds two quarters."""
    kinds = {one.heading.period.kind for one in family if one.part is not None and one.heading.period}
    if "part" not in axes.names or (len(kinds) == 1 and not kinds & {"range", "date"}):
        return ""
    return said(", but some may hold what others hold too")


def _totals_inside(family: Sequence[Coordinate], totals: Sequence[TotalColumn]) -> set[int]:
    """Members of the family that are sums of others of the same time: Total 2015 beside Wages 2015, Goods 2015."""
    by_position = {one.position: one for one in family}
    return {
        one.position
        for one in totals
        if one.position in by_position
        and all(at in by_position for at in one.parts)
        and len({by_position[at].time for at in (one.position, *one.parts)}) == 1
    }


def _unclear(
    labels: Sequence[str],
    family: Sequence[Coordinate],
    rest: Rest,
    totals: Sequence[TotalColumn] | None,
) -> WideProposal:
    """The headings name years, but do not tell all columns apart: a person has to say."""
    keep = Choice(COLUMNS, 50, said("not every column says which year and phase it is of, or two say the same"))
    plain = axes_of(family, ("time", "part", "stem"))
    if not plain.unique or not plain.complete:
        return WideProposal(_proposal(family, (keep,)), WidePlan({}, ()), tuple(totals or ()))
    plan = _plan(labels, family, plain, rest)
    reason = said("the columns are of several years, but not all say of which phase{reason}", reason=rest.reason)
    rows = Choice(ROWS, 50, reason, plan.effect())
    return WideProposal(_proposal(family, (rows, keep)), plan, tuple(totals or ()))


def _by_choice(
    labels: Sequence[str],
    family: Sequence[Coordinate],
    wanted: Sequence[str],
    columns: Sequence[Coordinate],
    totals: Sequence[TotalColumn] | None,
    what: str,
) -> WideProposal | None:
    """Columns that stay measures of their own, unless somebody wants rows."""
    axes = axes_of(family, wanted)
    if not axes.unique or not axes.complete:
        return None
    nested = _sums(family, totals or ())
    if nested is not None:
        return nested
    rest = leave_out([one for one in columns if one not in family], family, totals, set())
    plan = _plan(labels, family, axes, rest)
    year = constant_year(family, labels)
    effect = {"extraFields": [year]} if year else {}
    keep = Choice(
        COLUMNS, 85, said("they are {what}; each is a measure of its own, and rows stay as they are", what=what), effect
    )
    rows = Choice(
        ROWS,
        15,
        said(
            "{count} columns differ only by {axes}{reason}", count=len(family), axes=_listed(axes), reason=rest.reason
        ),
        plan.effect(),
    )
    return WideProposal(_proposal(family, (keep, rows)), plan, tuple(totals or ()))


def _sums(columns: Sequence[Coordinate], totals: Sequence[TotalColumn]) -> WideProposal | None:
    """Columns of which some are sums of others: each may be a measure, but they are never rows of one amount."""
    names = {one.position: one.label for one in columns}
    nested = [one for one in totals if one.certain and one.position in names and names.keys() >= set(one.parts)]
    if not nested:
        return None
    sums = "; ".join(f"{names[one.position]} = {' + '.join(names[at] for at in one.parts)}" for one in nested)
    reason = said("some are sums of others ({sums}): as rows of one amount they would count twice", sums=sums)
    keep = Choice(COLUMNS, 95, reason)
    return WideProposal(_proposal(columns, (keep,)), WidePlan({}, ()), tuple(totals))


def _plan(labels: Sequence[str], family: Sequence[Coordinate], axes: Axes, rest: Rest) -> WidePlan:
    made = extra_fields(axes, family, labels)
    normalize = {
        one.label: {
            made[axis]["name"]: written(axis, axes.values[one.position][axis], made[axis], one) for axis in axes.names
        }
        for one in family
    }
    year = constant_year(family, labels) if "time" not in axes.names else None
    return WidePlan(normalize, (*((year,) if year else ()), *made.values()), rest.labels)


def _proposal(family: Sequence[Coordinate], choices: tuple[Choice, ...]) -> Proposal:
    names = [one.label.replace("\n", " ") for one in family]
    shown = ", ".join(names) if len(names) <= 4 else f"{names[0]}, {names[1]} … {names[-1]}"
    return Proposal("wide", said("Shall the columns {columns} become rows of one amount?", columns=shown), choices)


def _listed(axes: Axes) -> Said:
    return reduce(lambda some, one: said("{some} and {one}", some=some, one=one), _said(axes))


def _said(axes: Axes) -> Iterator[Said]:
    for axis in axes.names:
        if axis in _SAID:
            count = len({row[axis] for row in axes.values.values()})
            yield Said(_SAID[axis], {"count": count})


def preview(
    plan: WidePlan, labels: Sequence[str], rows: Sequence[Sequence[str | None]], limit: int = 10
) -> list[dict[str, Any]]:
    """The first long rows that `plan` makes of `rows` (cells as written), the amounts as written. Cells that are
    blank make no row."""
    target = next(one["name"] for one in plan.extra_fields if one.get("normalizationTarget"))
    plain = [at for at, label in enumerate(labels) if label not in plan.normalize and label not in plan.left_out]
    made: list[dict[str, Any]] = []
    for row in rows:
        same = {labels[at]: row[at] for at in plain}
        for at, label in enumerate(labels):
            cell = row[at]
            if label in plan.normalize and cell is not None and cell.strip():
                made.append({**same, **plan.normalize[label], target: cell})
                if len(made) == limit:
                    return made
    return made
