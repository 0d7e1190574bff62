"""A pivot table for people: header cells that span what they stand for, and the amounts of each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from openspending.browse.choices import LIFE
from openspending.browse.languages import gettext as _
from openspending.browse.locales import in_line, number
from openspending.browse.viewer.cube import Cube, Level
from openspending.browse.viewer.nesting import OTHERS, Branch, Nest, Path, Pivot, pivot
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.rows import code_of, member_page, named
from openspending.fdp.amounts import plain
from openspending.view import FURTHEST, View

COLUMNS: Final = 24  # members of one level that are shown beside each other


@dataclass(frozen=True, slots=True)
class Head:
    """A header cell: it stands for `span` lines or columns, and takes `depth` levels. `scope` is that of HTML, `member`
    the page of its member where `href` leads further down."""

    title: str
    span: int
    depth: int
    scope: str
    code: str = ""
    href: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of amounts, with the header cells that begin at it; `sums` where it adds up others."""

    heads: tuple[Head, ...]
    amounts: tuple[str, ...]
    sums: bool


@dataclass(frozen=True, slots=True)
class Pivoted:
    """The table: titles of the levels of its rows, header cells of its columns, level by level, and groups of lines.
    `whole` is the last line, None where nothing adds up; `sums` says whether the last column adds up the others."""

    levels: tuple[str, ...]
    columns: tuple[tuple[Head, ...], ...]
    groups: tuple[tuple[Line, ...], ...]
    whole: Line | None
    sums: bool


def pivoted(cube: Cube, view: View, place: Place, cells: Sequence[Mapping[str, Any]]) -> Pivoted:
    """The pivot table of a view, from the cells of all its levels."""
    measure = cube.measure(view.measure)
    rows = _levels(cube, view.nested)
    beside = _levels(cube, tuple(one for one in view.series if one not in view.nested))
    found = pivot(
        cells,
        tuple(_nest(cube, view, one, view.size) for one in rows),
        tuple(_nest(cube, replace(view, order=""), one, COLUMNS) for one in beside),
        view.measure,
        summed=measure is None or measure.summed,
        skip=view.skip,
    )
    begun = list(_begun(found.rows, ()))
    amounts = _written(found, [row for row, _heads in begun])
    groups: dict[Path, list[Line]] = {}
    for (row, begins), listed in zip(begun, amounts, strict=True):
        own = (Head(_("Total"), 1, len(rows) - len(row.path), "row"),) if row.parts else ()
        heads = (*(_row_head(view, place, rows, one) for one in begins), *own)
        groups.setdefault(row.path[:1], []).append(Line(heads, listed, bool(row.parts)))
    whole = groups.pop((), None)
    columns = _column_heads(found.columns, beside, place, measure.title if measure else _("Facts"))
    return Pivoted(
        tuple(one.title for one in rows),
        columns,
        tuple(tuple(one) for one in groups.values()),
        whole[0] if whole else None,
        found.columns.ends[-1] is found.columns,
    )


def _levels(cube: Cube, refs: Sequence[str]) -> tuple[Level, ...]:
    return tuple(one for one in (cube.level(ref) for ref in refs) if one is not None)


def _nest(cube: Cube, view: View, level: Level, most: int) -> Nest:
    """A level with its order: periods and phases have their own, else it is that of the view."""
    exclusive = cube.exclusive.get(level.ref.partition(".")[0])
    adds = not level.time and exclusive is None
    if level.time:
        return Nest(level, adds, most, lambda one: str(one[0]))
    if exclusive is not None and exclusive["kind"] == "phase":
        return Nest(level, adds, most, lambda one: (LIFE.get(str(one[0]), LIFE["adjusted"]), str(one[1])))
    ref, _colon, direction = view.order.rpartition(":")
    at = {level.label: 1, level.key: 0}.get(ref)
    if at is not None:
        return Nest(level, adds, most, lambda one: str(one[at]), direction == "desc")
    return Nest(level, adds, most, None, view.order != f"{view.measure}:asc")


def _begun(branch: Branch, before: tuple[Branch, ...]) -> Iterator[tuple[Branch, tuple[Branch, ...]]]:
    """Each line of a tree, with the branches that begin at it."""
    begins = (*before, branch) if branch.path else ()
    if not branch.parts:
        yield branch, begins
        return
    for at, part in enumerate(branch.parts):
        yield from _begun(part, () if at else begins)
    if branch.ends[-1] is branch:
        yield branch, ()


def _written(found: Pivot, rows: Sequence[Branch]) -> list[tuple[str, ...]]:
    """The amounts of each line; the decimal points of each column are in line."""
    columns = []
    for column in found.columns.ends:
        listed = (found.amount(row, column) for row in rows)
        columns.append(in_line(["–" if one is None else plain(one) for one in listed]))
    return list(zip(*columns, strict=True))


def _title(branch: Branch, levels: Sequence[Level]) -> str:
    if branch.path[-1] is OTHERS:
        return _("others (%(number)s)") % {"number": number(branch.hidden)}
    return named(branch.path[-1][1], levels[len(branch.path) - 1])


def _row_head(view: View, place: Place, levels: Sequence[Level], branch: Branch) -> Head:
    depth = 1 if branch.parts else len(levels) - len(branch.path) + 1
    scope = "rowgroup" if branch.parts else "row"
    title, level = _title(branch, levels), levels[len(branch.path) - 1]
    code = code_of(level, branch.path[-1][0], title) if branch.path[-1] is not OTHERS else ""
    href = _leads(view, place, levels, branch.path)
    member = "" if OTHERS in branch.path else member_page(place, level, branch.path[-1][0])
    return Head(title, len(branch.ends), depth, scope, code, href, "" if member == href else member)


def _leads(view: View, place: Place, levels: Sequence[Level], path: Path) -> str:
    """Where a header cell leads: a level down where there is one, else to the page of its member; others to those that
    are left out."""
    if path == (OTHERS,):
        skip = view.skip + view.size
        return place.view(replace(view, skip=skip)) if skip <= FURTHEST else ""
    if OTHERS not in path and len(path) == len(levels):
        return member_page(place, levels[-1], path[-1][0])
    below = view
    for level, (key, label) in zip(levels, path[: path.index(OTHERS)] if OTHERS in path else path, strict=False):
        below = below.drilled({level.key: key, level.label: label})
    return place.view(below) if OTHERS not in path[:1] else ""


def _walked(branch: Branch) -> Iterator[tuple[Branch, bool]]:
    """All branches in order, and once more, as sums, those that are a column of their own behind their parts."""
    yield branch, False
    for part in branch.parts:
        yield from _walked(part)
    if branch.parts and branch.ends[-1] is branch:
        yield branch, True


def _column_heads(tree: Branch, levels: Sequence[Level], place: Place, measure: str) -> tuple[tuple[Head, ...], ...]:
    """The header cells above the amounts, level by level."""
    deep = max(1, len(levels))
    rows: list[list[Head]] = [[] for _level in range(deep)]
    for branch, summing in _walked(tree):
        depth = len(branch.path)
        if summing:
            rows[depth].append(Head(_("Total"), 1, deep - depth, "col"))
        elif depth:
            level = levels[depth - 1]
            href = "" if branch.path[-1] is OTHERS else member_page(place, level, branch.path[-1][0])
            tall, scope = (1, "colgroup") if branch.parts else (deep - depth + 1, "col")
            rows[depth - 1].append(Head(_title(branch, levels), len(branch.ends), tall, scope, "", href))
        elif not branch.parts:
            rows[0].append(Head(measure, 1, 1, "col"))
    return tuple(tuple(one) for one in rows)
