"""Which views suit a dataset: chosen by what it has, never by its name."""

from __future__ import annotations

from dataclasses import replace

from openspending.browse.viewer.cube import Cube, Level
from openspending.view import View

FEW = 7  # members that bars tell better than areas


def suggested(cube: Cube, *, timely: bool = True) -> View:
    """The view to begin with: several years as a line, unless not `timely`; else the first classification that tells
    anything, as areas where it goes deeper, as bars where it does not or where amounts are below zero. Without any, the
    total."""
    measure = cube.main
    start = View(measure=measure.ref if measure else "", cut=cube.defaults)
    ref, years = cube.years
    level = cube.level(ref) if ref else None
    if timely and level is not None and len(years) > 1:
        return replace(start, chart="line", group=(level.ref,))
    groups = [levels for _, levels in cube.hierarchies() if timely or not levels[0].time]
    if not groups:
        return replace(start, chart="table")
    signed = measure is not None and cube.negative(measure)
    return replace(start, chart=_chart(groups[0], signed=signed), group=tuple(one.ref for one in groups[0]))


def fitting(cube: Cube, view: View) -> str:
    """The chart that suits what a view shows."""
    level = cube.level(view.shown) if view.shown else None
    if level is None:
        return "table"
    if view.compare:
        return "bar"
    if level.time:
        return "line"
    measure = cube.measure(view.measure)
    signed = measure is not None and cube.negative(measure)
    return "treemap" if not signed and (view.deeper or (level.members or 0) > FEW) else "bar"


def by_hierarchy(cube: Cube, levels: tuple[Level, ...], *, cut: tuple[str, ...]) -> View:
    """The view of a hierarchy from its top."""
    measure = cube.main
    chart = _chart(levels, signed=measure is not None and cube.negative(measure))
    return View(chart=chart, measure=measure.ref if measure else "", group=tuple(one.ref for one in levels), cut=cut)


def comparisons(cube: Cube, view: View) -> tuple[tuple[str, str, View], ...]:
    """(left, right, view) of the comparisons that the dataset allows: the first and the last phase of a budget's life,
    and the last two years."""
    found = []
    phases = _phases(cube)
    if len(phases) > 1:
        (left, first), (right, last) = phases[0], phases[-1]
        found.append((left, right, _compared(cube, view, "phase", first, last)))
    ref, years = cube.years
    if len(years) > 1 and ref:
        before, after = sorted(years)[-2:]
        found.append((before, after, _compared(cube, view, "year", before, after)))
    return tuple(found)


def _phases(cube: Cube) -> list[tuple[str, str]]:
    """(label, value) of the phases that are told apart, by members or by measures, in the order of a budget's life."""
    listed = [
        (str(one["label"] or one["value"]), str(one["value"]))
        for exclusive in cube.exclusive.values()
        if exclusive["kind"] == "phase"
        for one in exclusive["members"]
        if one["value"] is not None
    ]
    if not listed:
        listed = [(str(one["phase"]), str(one["phase"])) for one in cube.model["measures"].values() if one.get("phase")]
    life = ("proposed", "approved", "adjusted", "executed")
    known = [one for one in dict.fromkeys(listed) if one[1] in life]
    return sorted(known, key=lambda one: life.index(one[1]))


def _compared(cube: Cube, view: View, kind: str, left: str, right: str) -> View:
    ref = cube.years[0] if kind == "year" else ""
    refs = {ref} if ref else {name for name, one in cube.exclusive.items() if one["kind"] == kind}
    kept = tuple(one for one in view.cut if one.partition(":")[0].partition(".")[0] not in refs)
    group = tuple(one for one in view.group if one.partition(".")[0] not in refs)
    if not group:
        groups = [levels for _, levels in cube.hierarchies() if levels[0].ref not in refs]
        group = tuple(one.ref for one in groups[0]) if groups else ()
    return replace(
        view, chart="bar", group=group, cut=kept, series=(), order="", compare=f"{kind}:{left}~{kind}:{right}"
    )


def _chart(levels: tuple[Level, ...], *, signed: bool) -> str:
    return "treemap" if not signed and (len(levels) > 1 or (levels[0].members or 0) > FEW) else "bar"
