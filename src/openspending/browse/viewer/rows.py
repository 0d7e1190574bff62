"""Rows of a view's table, made of the cells that the API answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from openspending.browse.choices import LIFE
from openspending.browse.languages import gettext as _
from openspending.browse.locales import in_line, number
from openspending.browse.viewer.cube import Level
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.sums import Amount, amount, part, rest, total, width
from openspending.browse.words import our_word
from openspending.fdp.amounts import plain
from openspending.view import View

COLUMNS: Final = 12  # of a series that are shown beside each other

Cell = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A member: what it is called, its code, its amounts, and the addresses of the level below, of its own page and of
    the facts behind it. `width` and `share` are its part of the largest and of the whole, in per cent."""

    label: str
    code: str
    amounts: tuple[str, ...]
    width: str
    share: str
    negative: bool
    deeper: str
    member: str
    lines: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row before it is written: its member, and its exact amounts."""

    key: object
    label: object
    amounts: tuple[Amount, ...]
    lines: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Entries in order, with what the table leaves out: how many, and their exact amounts. `whole` are the totals."""

    columns: tuple[str, ...]
    entries: tuple[Entry, ...]
    others: int
    left: tuple[Amount, ...]
    whole: tuple[Amount, ...]


def plainly(cells: Sequence[Cell], level: Level, measure: str) -> tuple[Entry, ...]:
    """An entry for each cell."""
    return tuple(
        Entry(one[level.key], one[level.label], (_amount(one, measure),), str(one.get("rows") or "")) for one in cells
    )


def crossed(
    cells: Sequence[Cell], level: Level, series: Level, measure: str, places: Mapping[str, int]
) -> tuple[tuple[str, ...], list[Entry]]:
    """(columns, entries) of cells of two levels: a row for each member of the first, a column for each of the second;
    those of the second that are too many in the last column. `places` are those of members that have an order of their
    own."""
    heads = list(dict.fromkeys((one[series.key], one[series.label]) for one in cells))
    unplaced = LIFE["adjusted"]
    times = {one: str(one[0]) if series.time else "" for one in heads}
    heads.sort(key=lambda one: (one[0] is None, places.get(str(one[0]), unplaced), times[one], str(one[1])))
    found: dict[tuple[object, object], dict[tuple[object, object], Amount]] = {}
    for one in cells:
        row = found.setdefault((one[level.key], one[level.label]), {})
        row[one[series.key], one[series.label]] = _amount(one, measure)
    shown, further = heads[:COLUMNS], heads[COLUMNS:]
    titles = [named(label, series) for _key, label in shown]
    if further:
        titles.append(_("others (%(number)s)") % {"number": number(len(further))})
    entries = [Entry(key, label, _columns(amounts, shown, further)) for (key, label), amounts in found.items()]
    return tuple(titles), entries


def skipped(grid: Grid, view: View, *, every: bool = False) -> Grid:
    """The grid, which has all entries or the first ones and says in `others` how many there are, without those that the
    view skips; nor has its whole their amounts. What is left beside those shown is one amount in each column."""
    before = grid.entries[: view.skip]
    shown = grid.entries[view.skip :] if every else grid.entries[view.skip : view.skip + view.size]
    places = range(len(grid.columns))
    whole = tuple(rest(grid.whole[at], (one.amounts[at] for one in before)) for at in places)
    left = tuple(rest(whole[at], (one.amounts[at] for one in shown)) for at in places)
    return Grid(grid.columns, shown, max(0, grid.others - len(before) - len(shown)), left, whole)


def in_order(entries: Iterable[Entry], order: str, level: Level) -> list[Entry]:
    """Entries in the order of a view: by their first amount, or by what they are called."""
    ref, _colon, direction = order.rpartition(":")
    down = direction == "desc"
    if ref in {level.key, level.label} or (not order and level.time):
        return sorted(entries, key=lambda one: (one.key is None, str(one.key)), reverse=down)
    return sorted(entries, key=lambda one: _first(one, down=down or not order), reverse=down or not order)


def written(grid: Grid) -> tuple[list[Row], tuple[str, ...], tuple[str, ...]]:
    """(rows, amounts of the others, totals) for people; the decimal points of each column are in line."""
    columns = []
    for at in range(len(grid.columns)):
        listed = [*(one.amounts[at] for one in grid.entries), grid.left[at], grid.whole[at]]
        columns.append(in_line(["–" if one is None else plain(one) for one in listed]))
    first = [one.amounts[0] if one.amounts else None for one in grid.entries]
    largest = max((abs(one) for one in first if one is not None), default=None)
    whole = grid.whole[0] if grid.whole and len(grid.columns) == 1 else None
    sound = all(one is None or one >= 0 for one in first)
    rows = [
        Row(
            label="",
            code="",
            amounts=tuple(column[place] for column in columns),
            width=width(value, largest),
            share=f"{number(part(value, whole))} %" if sound and part(value, whole) else "",
            negative=value is not None and value < 0,
            deeper="",
            member="",
            lines=entry.lines,
        )
        for place, (entry, value) in enumerate(zip(grid.entries, first, strict=True))
    ]
    return rows, tuple(one[-2] for one in columns), tuple(one[-1] for one in columns)


def named(member: object, level: Level) -> str:
    """What a member is called on a page."""
    if member is None or member == "":
        return _("(not given)")
    if level.time:
        return str(member)[:4] if level.yearly else str(member)
    return our_word(str(member))


def code_of(level: Level, key: object, shown: str) -> str:
    """The code that stands beside what a member is called; empty where that says it, or where it is time."""
    code = "" if level.key == level.label or key is None or level.time else str(key)
    return "" if code == shown else code


def member_page(place: Place, level: Level, key: object) -> str:
    """The address of a member's page; nothing for periods, for missing ones and for attributes, which have none."""
    own = not level.time and key not in (None, "") and level.ref == level.key.partition(".")[0]
    return place.member(level.ref, str(key)) if own else ""


def _amount(cell: Cell, measure: str) -> Amount:
    return amount(cell.get(measure))


def _columns(
    amounts: Mapping[tuple[object, object], Amount],
    shown: Sequence[tuple[object, object]],
    further: Sequence[tuple[object, object]],
) -> tuple[Amount, ...]:
    found = tuple(amounts.get(one) for one in shown)
    return (*found, total(amounts.get(one) for one in further)) if further else found


def _first(entry: Entry, *, down: bool) -> tuple[bool, Decimal]:
    """What an entry is ordered by; those without an amount come last."""
    value = next((one for one in entry.amounts if one is not None), None)
    return (value is not None) if down else (value is None), value or Decimal(0)
