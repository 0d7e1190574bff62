"""The table of a view: exact amounts of each member, and of all others together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from openspending.browse.choices import LIFE
from openspending.browse.languages import gettext as _
from openspending.browse.locales import count
from openspending.browse.viewer.cube import Cube, Level
from openspending.browse.viewer.pivoting import Pivoted, pivoted
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.question import MOST_ROWS, WHOLE
from openspending.browse.viewer.rows import (
    Entry,
    Grid,
    Row,
    code_of,
    crossed,
    in_order,
    member_page,
    named,
    plainly,
    skipped,
    written,
)
from openspending.browse.viewer.sums import amount, total
from openspending.browse.words import heading, our_word, text
from openspending.view import FURTHEST, View


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is shown. `others` counts the members that it leaves out; `left` are their amounts, and `more`
    leads to a view that has more of them. `whole` are the totals, empty where members must not be added up, as
    phases. A table of levels within each other is in `pivot`, and has no other rows."""

    heading: str
    level: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    others: str
    left: tuple[str, ...]
    more: str
    whole: tuple[str, ...]
    currency: str
    facts: str
    notices: tuple[str, ...]
    shares: bool
    pivot: Pivoted | None = None


def table(cube: Cube, view: View, place: Place, answer: Mapping[str, Any]) -> Table:
    """The table of what the API has answered to the question of a view."""
    if view.pivots:
        return _pivot(cube, view, place, answer)
    level = cube.level(view.shown) if view.shown else None
    grid, notices = _grid(cube, view, level, answer)
    rows, left, whole = written(grid)
    series = bool(view.series and level and not view.compare)
    warnings = answer["meta"].get("warnings") or ()
    unsound = not series and level is not None and any(one.get("in") == "summary" for one in warnings)
    measure = cube.measure(view.measure)
    return Table(
        heading=headed(cube, view),
        level=level.title if level else "",
        columns=grid.columns,
        rows=tuple(
            _linked(replace(one, share="") if unsound else one, entry, level, view, place)
            for one, entry in zip(rows, grid.entries, strict=True)
        ),
        others=count(grid.others) if grid.others else "",
        left=() if unsound else left,
        more=_more(view, place) if grid.others else "",
        whole=() if unsound else whole,
        currency=_currency(answer, measure.currency if measure else ""),
        facts=_facts(answer),
        notices=(*notices, *_warned(answer)),
        shares=not series and not view.compare and any(one.share for one in rows),
    )


def _pivot(cube: Cube, view: View, place: Place, answer: Mapping[str, Any]) -> Table:
    """The table of all levels of the view within each other."""
    notices = _warned(answer)
    many = answer["total"] > len(answer["data"])
    found = None if many else pivoted(cube, view, place, answer["data"])
    measure = cube.measure(view.measure)
    whole = found.whole.amounts[-1:] if found and found.whole and found.sums else ()
    return Table(
        heading=headed(cube, view),
        level="",
        columns=(),
        rows=(),
        others="",
        left=(),
        more="",
        whole=whole,
        currency=_currency(answer, measure.currency if measure else ""),
        facts=_facts(answer),
        notices=(_many(MOST_ROWS), *notices) if many else notices,
        shares=False,
        pivot=found,
    )


def _many(most: int) -> str:
    said = _("There are more than %(number)s cells, which is too many for a page: filter, or choose a broader level.")
    return said % {"number": count(most)}


def _warned(answer: Mapping[str, Any]) -> tuple[str, ...]:
    warnings = answer["meta"].get("warnings") or ()
    return tuple(text(one.get("message"), 500) for one in warnings if one.get("in") != "summary")


def _grid(cube: Cube, view: View, level: Level | None, answer: Mapping[str, Any]) -> tuple[Grid, tuple[str, ...]]:
    cells, summary = answer["data"], answer["summary"]
    measure = cube.measure(view.measure)
    title = measure.title if measure else _("Facts")
    if view.compare:
        return _compared(view, level, answer), ()
    if level is None:
        return Grid((title,), (), 0, (None,), (amount(summary.get(view.measure)),)), ()
    series = cube.level(view.second) if view.series else None
    if series is None:
        entries = plainly(cells, level, view.measure)
        return skipped(
            Grid((title,), entries, answer["total"], (None,), (amount(summary.get(view.measure)),)), view
        ), ()
    if answer["total"] > WHOLE:
        return Grid((title,), (), 0, (None,), (None,)), (_many(WHOLE),)
    columns, crossing = crossed(cells, level, series, view.measure, _life(cube, series))
    ordered = in_order(crossing, view.order, level)
    whole = tuple(total(one.amounts[at] for one in ordered) for at in range(len(columns)))
    return skipped(Grid(columns, tuple(ordered), len(ordered), (), whole), view, every=level.time), ()


def _side(side: str) -> str:
    """What one side of a comparison is called: a member, a year, a revision."""
    if side.startswith("@"):
        return _("Revision %(number)s") % {"number": side[1:]}
    return heading(our_word(side.partition(":")[2] or side))


def _life(cube: Cube, series: Level) -> Mapping[str, int]:
    """The places of members that have an order of their own: phases."""
    exclusive = cube.exclusive.get(series.ref)
    return LIFE if exclusive is not None and exclusive["kind"] == "phase" else {}


def _compared(view: View, level: Level | None, answer: Mapping[str, Any]) -> Grid:
    """Both sides and their difference; rates are no amounts, and add up to nothing. Of revisions, what changed most
    comes first."""
    columns = (*(_side(one) for one in view.compare.split("~")[:2]), _("Difference"))
    keys = ("left", "right", "difference")
    whole = tuple(amount(answer["summary"].get(one)) for one in keys)
    if level is None:
        return Grid(columns, (), 0, (None, None, None), whole)
    entries = [
        Entry(one.get(level.key), one.get(level.label), tuple(amount(one.get(key)) for key in keys))
        for one in answer["data"]
    ]
    if view.compare.startswith("@"):
        entries.sort(key=lambda one: -abs(one.amounts[-1] or Decimal(0)))
    return skipped(Grid(columns, tuple(entries), answer["total"], (), whole), view)


def headed(cube: Cube, view: View) -> str:
    """What the view shows, in words."""
    measure = cube.measure(view.measure)
    shown = measure.title if measure else _("Facts")
    whole = view.pivots
    level = _titles(cube, view.nested if whole else (view.shown,))
    beside = view.series if whole else (view.second,)
    series = "" if view.compare else _titles(cube, tuple(one for one in beside if not whole or one not in view.nested))
    if not level:
        return shown
    if not series:
        return _("%(amount)s by %(level)s") % {"amount": shown, "level": level}
    return _("%(amount)s by %(level)s and %(series)s") % {"amount": shown, "level": level, "series": series}


def _titles(cube: Cube, refs: Sequence[str]) -> str:
    levels = (cube.level(ref) for ref in refs if ref)
    return " › ".join(one.title for one in levels if one is not None)


def _linked(row: Row, entry: Entry, level: Level | None, view: View, place: Place) -> Row:
    """A row with what its member is called and where it leads."""
    if level is None:
        return row
    shown = named(entry.label, level)
    below = view.drilled({level.key: entry.key, level.label: entry.label})
    return replace(
        row,
        label=shown,
        code=code_of(level, entry.key, shown),
        deeper=place.view(below) if view.deeper else "",
        member=member_page(place, level, entry.key),
        lines=place.view(replace(below, compare="")) + "#lines",
    )


def _more(view: View, place: Place) -> str:
    """The address of the members that are left out; nothing where there are too many for pages."""
    skip = view.skip + view.size
    return place.view(replace(view, skip=skip)) if skip <= FURTHEST else ""


def _currency(answer: Mapping[str, Any], known: str) -> str:
    found = {text(one.get("currency"), 20) for one in answer.get("columns") or () if one.get("currency")}
    return found.pop() if len(found) == 1 else known


def _facts(answer: Mapping[str, Any]) -> str:
    return count((answer["meta"].get("facts") or {}).get("matched"))
