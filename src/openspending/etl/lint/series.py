"""Amounts that leave their line: in another unit or with another sign than the same line in other periods.

Sizes are compared as binary numbers: nothing is summed or shown from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from openspending.etl.columns import Column
from openspending.etl.lint.subject import Subject
from openspending.etl.modelling.rowrules import among
from openspending.etl.table import Found
from openspending.fdp.problems import Problem

_MOST: Final = 1_000_000  # cells
_VOLATILE: Final = 20  # one line in so many may have an odd amount; where more have, that is how the data are
_LINES: Final = 8  # in which two periods must be compared, to say something of a whole period
_CELLS: Final = 10_000  # marked

# times, lowest and highest ratio to the median of the line, how far the others may lie apart, how many there must be
_JUMPS: Final = ((1_000_000, 300_000, 3_000_000, 10, 4), (1_000, 300, 3_000, 10, 4), (100, 90, 110, 3, 5))


@dataclass(frozen=True, slots=True)
class _Lines:
    """SQL of a relation (line, period, _file, _row, v): `v` the amount, not zero; `period` a number into `names`."""

    query: str
    columns: Sequence[Column]  # of each period; one column of amounts for all, in a long table
    names: Sequence[str]

    def column(self, period: int) -> Column:
        """The column in which the amounts of a period stand."""
        return self.columns[period] if len(self.columns) > 1 else self.columns[0]


def check_series(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    """Jumps and flips along the periods of a table: years in columns, or a column of years."""
    if subject.branch is None or not subject.few:
        return
    for lines in (*_wide(subject), *_long(connection, subject)):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE lint_lines AS {lines.query}")
        units = list(_units(connection, subject, lines))
        signs = list(_signs(connection, subject, lines))
        yield from units
        yield from signs
        yield from () if units else _jumps(connection, subject, lines)
        yield from () if signs else _flips(connection, subject, lines)
        connection.execute("DROP TABLE lint_lines")


def _wide(subject: Subject) -> Iterator[_Lines]:
    """Every row is a line, its columns the periods."""
    wide = {one.name for one in subject.branch.unpivot} if subject.branch is not None else set()
    columns = [one for one in subject.amounts if one.field.name in wide]
    if len(columns) > 1 and len(columns) * subject.table.loaded.rows <= _MOST:
        values = ", ".join(f"CAST({subject.value(one)} AS DOUBLE)" for one in columns)
        query = (
            "SELECT hash(_file, _row) AS line, period, _file, _row, v FROM (SELECT _file, _row, unnest(range("
            f"{len(columns)})) AS period, unnest([{values}]) AS v FROM {subject.table.relation}) WHERE v <> 0"
        )
        yield _Lines(query, columns, [one.field.name for one in columns])


def _long(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[_Lines]:
    """Rows that are the same but for the year, which must be one only, are a line."""
    times = [one for one in subject.roles if one.dimension.kind == "datetime"]
    years = [one for one in times if one.column.reading.type == "integer"]
    if len({one.column.position for one in times}) != 1 or not years:
        return
    year = years[0]
    names = subject.texts(connection, year) or []
    keys = list(_keys(subject))
    if not keys or not 1 < len(names) <= 200:
        return
    line = f"hash({', '.join(keys)})"
    relation = subject.table.relation
    rows, apart = connection.execute(f"SELECT count(*), approx_count_distinct({line}) FROM {relation}").fetchall()[0]
    if apart * 2 > rows:  # hardly a line has two years: payments, not budget lines
        return
    cases = " ".join(f"WHEN '{name}' THEN {number}" for number, name in enumerate(names))
    for column in subject.amounts:
        query = (
            f"SELECT {line} AS line, CASE {year.text} {cases} END AS period, _file, _row,"
            f" CAST({subject.value(column)} AS DOUBLE) AS v FROM {relation} WHERE v <> 0"
            " QUALIFY count(*) OVER (PARTITION BY line, period) = 1"
        )
        yield _Lines(query, [column], names)


def _keys(subject: Subject) -> Iterator[str]:
    """What tells a line: every attribute but times and labels."""
    for role in subject.roles:
        labelled = role.attribute.label_of is not None and subject.partner(role, role.attribute.label_of) is not None
        if role.dimension.kind != "datetime" and not labelled:
            yield role.text


def _jumps(connection: duckdb.DuckDBPyConnection, subject: Subject, lines: _Lines) -> Iterator[Problem]:
    """An amount in another unit than all others of its line, which lie close together."""
    grouped = (
        "WITH g AS (SELECT line, count(*) AS n, median(abs(v)) AS m, max(abs(v), 2) AS top, min(abs(v), 2) AS low"
        " FROM lint_lines GROUP BY line)"
    )
    for times, least, most, apart, needed in _JUMPS:
        up = f"abs(v) = top[1] AND top[1] BETWEEN {least} * m AND {most} * m AND top[2] <= {apart} * low[1]"
        down = f"abs(v) = low[1] AND m BETWEEN {least} * low[1] AND {most} * low[1] AND top[1] <= {apart} * low[2]"
        found = connection.execute(
            f"{grouped} SELECT period, _file, _row, (SELECT count(*) FROM g WHERE n >= {needed})"
            f" FROM lint_lines JOIN g USING (line) WHERE n >= {needed} AND (({up}) OR ({down})) ORDER BY 1, 2, 3"
        ).fetchall()
        if _few(found):
            yield from _at(connection, subject, lines, "fiscal/amount-jump", found, times=times)


def _flips(connection: duckdb.DuckDBPyConnection, subject: Subject, lines: _Lines) -> Iterator[Problem]:
    """The only amount of its sign in a line, as large as the others: a correction would rarely be."""
    found = connection.execute(
        "WITH g AS (SELECT line, count(*) AS n, median(abs(v)) AS m, count(*) FILTER (WHERE v < 0) AS minus"
        " FROM lint_lines GROUP BY line HAVING n >= 5)"
        " SELECT period, _file, _row, (SELECT count(*) FROM g) FROM lint_lines JOIN g USING (line)"
        " WHERE ((minus = 1 AND v < 0) OR (minus = n - 1 AND v > 0)) AND abs(v) BETWEEN m / 2 AND m * 2"
        " ORDER BY 1, 2, 3"
    ).fetchall()
    if _few(found):
        yield from _at(connection, subject, lines, "fiscal/sign-flip", found)


def _units(connection: duckdb.DuckDBPyConnection, subject: Subject, lines: _Lines) -> Iterator[Problem]:
    """A period whose amounts are a thousand (a million) times those of the period before, in most lines."""
    found = connection.execute(
        "WITH s AS (SELECT *, lag(period) OVER w AS p0, abs(v) / abs(lag(v) OVER w) AS ratio FROM lint_lines"
        " WINDOW w AS (PARTITION BY line ORDER BY period))"
        " SELECT p0, period, median(ratio) AS r, arg_min(_file, (_file, _row)), arg_min(_row, (_file, _row))"
        f" FROM s WHERE ratio IS NOT NULL GROUP BY p0, period HAVING count(*) >= {_LINES}"
        " AND quantile_cont(ratio, 0.8) < 10 * median(ratio) AND quantile_cont(ratio, 0.2) * 10 > median(ratio)"
        " ORDER BY 2, 1"
    )
    for before, period, ratio, part, row in found.fetchall():
        for times in (1_000, 1_000_000):
            if times / 2 <= ratio <= times * 2 or times / 2 <= 1 / ratio <= times * 2:
                place = Found(part, row, None, 1)
                name = lines.column(period).field.name
                yield subject.table.problem(
                    "fiscal/unit-jump",
                    place,
                    field=name,
                    times=times,
                    period=lines.names[period],
                    before=lines.names[before],
                )


def _signs(connection: duckdb.DuckDBPyConnection, subject: Subject, lines: _Lines) -> Iterator[Problem]:
    """A period with another sign than all others."""
    found = connection.execute(
        "SELECT period, count(*) FILTER (WHERE v < 0), count(*), arg_min(_file, (_file, _row)),"
        f" arg_min(_row, (_file, _row)) FROM lint_lines GROUP BY 1 HAVING count(*) >= {_LINES} ORDER BY 1"
    ).fetchall()
    minus = [one for one in found if one[1] * 10 >= one[2] * 9]
    plus = [one for one in found if one[1] * 10 <= one[2]]
    if len(minus) + len(plus) < len(found) or len(found) < 3 or 1 not in (len(minus), len(plus)):
        return
    period, _, count, part, row = (minus if len(minus) == 1 else plus)[0]
    column = lines.column(period)
    place = subject.table.first(connection, column, among([(part, row)]))[0]
    shown = Found(place.part, place.row, place.value, count)
    yield subject.table.problem("fiscal/signs-differ", shown, field=column.field.name, period=lines.names[period])


def _few(found: Sequence[tuple[Any, ...]]) -> bool:
    """Whether there are some, and not so many that it is no exception."""
    return bool(found) and (len(found) * _VOLATILE <= found[0][-1] or len(found) <= 2)


def _at(
    connection: duckdb.DuckDBPyConnection,
    subject: Subject,
    lines: _Lines,
    code: str,
    found: Sequence[tuple[Any, ...]],
    **words: Any,
) -> Iterator[Problem]:
    """One problem for each column of amounts, at its first odd cell."""
    places: dict[str, tuple[Column, list[tuple[int, int]]]] = {}
    for period, part, row, _ in found[:_CELLS]:
        column = lines.column(period)
        places.setdefault(column.field.name, (column, []))[1].append((part, row))
    for name, (column, rows) in places.items():

        def described(place: Found, name: str = name) -> Problem:
            return subject.table.problem(code, place, field=name, **words)

        yield from (described(one) for one in subject.table.first(connection, column, among(rows)))
        subject.table.list_cells(column, among(rows), described)
