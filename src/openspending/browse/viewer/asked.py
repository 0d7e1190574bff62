"""What of a view a dataset has: the rest is told, with what there is instead."""

from __future__ import annotations

from dataclasses import replace

from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.suggest import fitting, suggested
from openspending.view import View, Wrong, dimension


def settled(cube: Cube, view: View) -> tuple[View, tuple[Wrong, ...]]:
    """The view with everything said that it leaves to the dataset, and what of it the dataset does not have."""
    if view.empty:
        return replace(suggested(cube), lang=view.lang, theme=view.theme), ()
    wrong: list[Wrong] = []
    dimensions = tuple(cube.model["dimensions"])
    measure = _known(cube, view, wrong)
    group = tuple(one for one in view.group if cube.level(one) is not None)
    wrong += [Wrong("group", one, dimensions) for one in view.group if one not in group]
    series = tuple(one for one in view.series if cube.level(one) is not None)
    wrong += [Wrong("series", one, dimensions) for one in view.series if one not in series]
    places = {*dimensions, *cube.model["measures"], ""}
    for name, listed in (("at", view.at), ("cut", view.cut)):
        wrong += [Wrong(name, one, dimensions) for one in listed if dimension(one) not in places]
    compared = _sides(cube, view)
    at = tuple(one for one in view.at if dimension(one) in places)
    cut = tuple(one for one in view.cut if dimension(one) in places and dimension(one) not in compared)
    order = _order(cube, view, measure, wrong)
    found = replace(
        view, measure=measure, group=group or _group(cube, view), series=series, at=at, cut=cut, order=order
    )
    return replace(found, chart=view.chart or fitting(cube, found)), tuple(wrong)


def _known(cube: Cube, view: View, wrong: list[Wrong]) -> str:
    """The measure that is shown."""
    first = cube.sums[0].ref if cube.sums else ""
    if not view.measure:
        return first
    if cube.measure(view.measure) is None:
        wrong.append(Wrong("measure", view.measure, tuple(one.ref for one in cube.measures)))
        return first
    return view.measure


def _sides(cube: Cube, view: View) -> set[str]:
    """The dimensions of which a comparison has a member on each side, so that none is a filter."""
    kinds = {one.partition(":")[0] for one in view.compare.split("~")}
    found = {ref for ref, one in cube.exclusive.items() if one["kind"] in kinds}
    return found | ({cube.years[0]} if "year" in kinds else set())


def _group(cube: Cube, view: View) -> tuple[str, ...]:
    """The levels to group by where none was asked for; for a chart of time, the years."""
    ref, years = cube.years
    if view.chart in {"line", "area"} and len(years) > 1:
        return (ref,)
    hierarchies = cube.hierarchies()
    return tuple(one.ref for one in hierarchies[0][1]) if hierarchies else ()


def _order(cube: Cube, view: View, measure: str, wrong: list[Wrong]) -> str:
    """The order that is asked for; the usual one where its ref is none of the view's."""
    if not view.order:
        return ""
    ref, _, direction = view.order.rpartition(":")
    shown = replace(view, group=tuple(one for one in view.group if cube.level(one) is not None)).shown
    level = cube.level(shown) if shown else None
    refs = (measure, "_count", *((level.key, level.label) if level else ()))
    if ref in refs and direction in {"asc", "desc"}:
        return view.order
    wrong.append(Wrong("order", view.order, tuple(f"{one}:{way}" for one in refs for way in ("desc", "asc"))))
    return ""
