"""What can be changed in a view: the choices of its form, which needs no script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from openspending.browse.choices import LIFE
from openspending.browse.languages import gettext as _
from openspending.browse.languages import later
from openspending.browse.locales import count
from openspending.browse.viewer.cube import Cube, Level
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.rows import named
from openspending.browse.viewer.suggest import comparisons
from openspending.browse.words import heading, our_word, text
from openspending.view import CHARTS, View, condition, dimension, member_of

FILTER: Final = "filter"  # parameters of the page, not of the view: what is filtered by, and members with which text
SOUGHT: Final = "member"
MEMBERS: Final = 100
MOST_LEVELS: Final = 4  # of a side of a pivot table, that are chosen one by one
NAMES: Final[Mapping[str, str]] = {
    "table": later("Table"),
    "bar": later("Bars"),
    "line": later("Line"),
    "area": later("Areas"),
    "treemap": later("Treemap"),
    "bubbles": later("Bubbles"),
    "sunburst": later("Sunburst"),
    "pie": later("Pie"),
    "donut": later("Donut"),
    "sankey": later("Flows"),
    "radar": later("Radar"),
    "map": later("Map"),
    "pivot": later("Pivot table"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """One choice of the form."""

    name: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Picker:
    """The members of a dimension to filter by; `sought` is the text that they have."""

    ref: str
    title: str
    sought: str
    members: tuple[tuple[str, str, str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a view. `hidden` is what it keeps; `filters` lead to what can be filtered by."""

    action: str
    selects: tuple[Select, ...]
    hidden: tuple[tuple[str, str], ...]
    size: int
    filters: tuple[tuple[str, str], ...]


def form(cube: Cube, view: View, place: Place) -> Form:
    """The form for a view that is settled."""
    few = _few(cube, view)
    named_here = {name for name, _select in few}
    kept = [("at", one) for one in view.at]
    kept += [("cut", one) for one in view.cut if dimension(one) not in named_here]
    kept += [(name, value) for name, value in (("lang", view.lang), ("theme", view.theme)) if value]
    axes = _axes(cube, view) if view.pivots else (_groups(cube, view), _series(cube, view))
    selects = (_charts(view), _measures(cube, view), *axes, *(one for _, one in few))
    order, compare = _order(cube, view), _compare(cube, view)
    listed = [one for one in cube.levels if (one.members or 0) > 1 and one.ref not in named_here]
    return Form(
        place.view(View()),
        tuple(one for one in (*selects, order, compare) if len(one.options) > 1),
        tuple(kept),
        view.size,
        tuple((one.title, _with(place.view(view), f"{FILTER}={one.ref}") + "#filter") for one in listed),
    )


def picker(level: Level, view: View, place: Place, sought: str, answer: Mapping[str, Any]) -> Picker:
    """The members of a level to filter by, each as (label, code, facts, address)."""
    rows = []
    for one in answer["data"]:
        chosen = condition(level.key, one.get(level.key))
        filtered = replace(view, cut=tuple(dict.fromkeys((*view.cut, chosen))))
        code = "" if level.key == level.label or one.get(level.key) is None else str(one[level.key])
        rows.append((named(one.get(level.label), level), code, count(one.get("_count")), place.view(filtered)))
    return Picker(level.ref, level.title, sought, tuple(rows), max(0, int(answer["total"]) - len(rows)))


def _with(address: str, parameter: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{parameter}"


def _charts(view: View) -> Select:
    return Select("chart", _("Chart"), tuple(Option(one, _(NAMES[one]), one == view.chart) for one in CHARTS))


def _measures(cube: Cube, view: View) -> Select:
    shown = [one for one in cube.measures if one.summed or one.ref == view.measure]
    options = [
        Option(one.ref, " · ".join(filter(None, (one.title, one.kind))), one.ref == view.measure) for one in shown
    ]
    return Select("measure", _("Amount"), tuple(options))


def _groups(cube: Cube, view: View) -> Select:
    """Hierarchies from the top, then single levels."""
    chosen = "|".join(view.group)
    options = [
        ("|".join(one.ref for one in levels), f"{title}: {' › '.join(one.title for one in levels)}")
        for title, levels in cube.hierarchies()
        if len(levels) > 1
    ]
    options += [(one.ref, one.title) for one in cube.levels if (one.members or 0) > 1 or one.ref == chosen]
    if chosen not in dict(options):
        titles = [one.title for one in (cube.level(ref) for ref in view.group) if one is not None]
        options.insert(0, (chosen, " › ".join(titles) or _("nothing: one total")))
    return Select("group", _("Group by"), tuple(Option(ref, title, ref == chosen) for ref, title in options))


def _series(cube: Cube, view: View) -> Select:
    return _nested(cube, "series", _("Beside each other"), view.second)


def _axes(cube: Cube, view: View) -> tuple[Select, ...]:
    """The levels of a pivot table, one by one, with room for one more of each side."""
    rows = [*view.group, *([""] if len(view.group) < MOST_LEVELS else [])]
    columns = [*view.series, *([""] if len(view.series) < MOST_LEVELS else [])]
    return (
        *(_nested(cube, "group", _("Then by") if at else _("Rows by"), one) for at, one in enumerate(rows)),
        *(_nested(cube, "series", _("Then by") if at else _("Columns by"), one) for at, one in enumerate(columns)),
    )


def _nested(cube: Cube, name: str, title: str, chosen: str) -> Select:
    """One level to choose, or none."""
    listed = [one for one in cube.levels if (one.members or 0) > 1 or one.ref == chosen]
    options = [Option("", _("nothing"), not chosen)]
    options += [Option(one.ref, one.title, one.ref == chosen) for one in listed]
    if chosen and chosen not in {one.ref for one in listed}:
        level = cube.level(chosen)
        options.append(Option(chosen, level.title if level else chosen, chosen=True))
    return Select(name, title, tuple(options))


def _few(cube: Cube, view: View) -> list[tuple[str, Select]]:
    """What must not be added up, and the years: dimensions whose members stand in the model. A filter by several of
    them, or by something else than their code, stays what it is."""
    found = []
    for ref, one in cube.exclusive.items():
        members = [(each["value"], str(each["label"] or each["value"])) for each in one["members"] if each["value"]]
        if one["kind"] == "phase":
            members.sort(key=lambda each: LIFE.get(str(each[0]), LIFE["adjusted"]))
        if len(members) > 1 and (select := _members(cube, view, ref, one["key"], members)):
            found.append((ref, select))
    ref, years = cube.years
    level = cube.level(ref) if ref else None
    if level is not None and len(years) > 1:
        listed = [(one, one) for one in sorted(years, reverse=True)]
        if select := _members(cube, view, ref, level.key, listed):
            found.append((ref, select))
    return found


def _members(cube: Cube, view: View, ref: str, key: str, members: list[tuple[Any, str]]) -> Select | None:
    own = [one for one in view.cut if dimension(one) == ref]
    chosen = member_of(own[0]) if len(own) == 1 else None
    if own and chosen not in {str(value) for value, _label in members}:
        return None
    level = cube.level(ref)
    options = [Option("", _("any"), chosen is None)]
    options += [Option(condition(key, value), our_word(label), str(value) == chosen) for value, label in members]
    return Select("cut", level.title if level else heading(ref), tuple(options))


def _order(cube: Cube, view: View) -> Select:
    level = cube.level(view.shown) if view.shown else None
    if level is None or view.compare:
        return Select("order", _("Order"), ())
    usual = _("in order") if level.time else _("largest first")
    titles = [("", usual)]
    titles += [(f"{view.measure}:desc", _("largest first"))] if level.time else []
    titles += [(f"{view.measure}:asc", _("smallest first")), (f"{level.label}:asc", _("by name"))]
    titles += [(f"{level.key}:asc", _("by code"))] if level.key != level.label else []
    if view.order not in dict(titles):
        titles.append((view.order, text(view.order)))
    return Select("order", _("Order"), tuple(Option(value, title, value == view.order) for value, title in titles))


def _compare(cube: Cube, view: View) -> Select:
    found = comparisons(cube, view)
    options = [Option("", _("nothing"), not view.compare)]
    for left, right, one in found:
        title = _("%(left)s and %(right)s") % {"left": our_word(left), "right": our_word(right)}
        options.append(Option(one.compare, title, one.compare == view.compare))
    if view.compare and view.compare not in {one.value for one in options}:
        options.append(Option(view.compare, view.compare.replace("~", " – "), chosen=True))
    return Select("compare", _("Compare"), tuple(options))
