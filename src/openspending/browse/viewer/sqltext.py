"""A view as a SQL statement, where its filters can be said in SQL: the same cells as the API answers."""

from __future__ import annotations

from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.place import Place
from openspending.view import View, member_of, ref_of

_SIGNS = {"<=:": "<=", ">=:": ">=", "<:": "<", ">:": ">"}


def sql(cube: Cube, view: View, place: Place) -> str:
    """The statement; empty for a comparison, for aggregates that are no sums, and for filters that it cannot say."""
    measure = cube.measure(view.measure)
    if view.compare or measure is None or not measure.summed:
        return ""
    asked = (*view.nested, *view.series) if view.pivots else (view.shown, view.second)
    levels = [cube.level(one) for one in asked if one]
    refs = dict.fromkeys(ref for one in levels if one is not None for ref in one.drilldown.split("|"))
    conditions = [_condition(cube, one) for one in dict.fromkeys((*view.cut, *view.at))]
    if not all(conditions):
        return ""
    amount = cube.model["measures"][measure.name]["column"]
    columns = [*(_column(cube, ref) for ref in refs), f"sum({_field(amount)}) AS {_quoted(measure.name)}"]
    lines = [
        "SELECT " + ", ".join((*columns, "count(*) AS facts")),
        f"FROM {_quoted(place.owner)}.{_quoted(place.versioned)}",
    ]
    if conditions:
        lines.append("WHERE " + " AND ".join(conditions))
    if refs:
        lines += ["GROUP BY ALL", f"ORDER BY {len(refs) + 1} DESC"]
    return "\n".join(lines)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _field(column: str) -> str:
    """The column of the facts that a model's column is: of `table.column`, the column."""
    return _quoted(column.rpartition(".")[2])


def _column(cube: Cube, ref: str) -> str:
    name, _, attribute = ref.partition(".")
    return _field(cube.model["dimensions"][name]["attributes"][attribute]["column"])


def _condition(cube: Cube, one: str) -> str:
    """A condition in SQL; empty where it is not one of a single value."""
    ref = ref_of(one)
    name, _, attribute = ref.partition(".")
    dimension = cube.model["dimensions"].get(name)
    if dimension is None:
        return ""
    known = ref if attribute else dimension["key_ref"]
    if known.partition(".")[2] not in dimension["attributes"]:
        return ""
    if one[len(ref) :] == ":null":
        return f"{_column(cube, known)} IS NULL"
    member = member_of(one)
    return "" if member is None else f"{_column(cube, known)} = '{member.replace(chr(39), chr(39) * 2)}'"
