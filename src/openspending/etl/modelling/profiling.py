"""Profiles counted from a loaded table: one sample of its rows, then a query for each few columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import duckdb

from openspending.etl.modelling.profile import Profile
from openspending.fdp.spaces import BLANKS
from openspending.fdp.sqltext import identifier, literal

VALUES: Final = 2_000
SHAPES: Final = 200
FORMS: Final = 400
NUMBER: Final = 40  # characters; what is longer is no number
AT_ONCE: Final = 16  # columns of one query, which the engine counts side by side
_SAMPLE: Final = "modelling_sample"
_GOLDEN: Final = 2_654_435_761  # times a row number, modulo 2³²: spread evenly, in step with no pattern of the rows


def profile(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    labels: Sequence[str],
    *,
    condition: str | None = None,
    most_rows: int = 50_000,
) -> tuple[Profile, ...]:
    """What the columns f0, f1, … of `relation` hold; `labels` are their headers. `condition` is SQL that chooses rows.

    Of a table of more than `most_rows` rows the first, the last and evenly spread ones of each file are looked at.
    """
    complete = _sample(connection, relation, len(labels), condition or "TRUE", most_rows)
    try:
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(labels), AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, len(labels)))
            found += connection.execute(" UNION ALL ".join(_query(number) for number in numbers)).fetchall()
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {_SAMPLE}")
    return tuple(_profile(row, labels[row[0]], complete=complete) for row in sorted(found, key=lambda row: row[0]))


def _sample(connection: duckdb.DuckDBPyConnection, relation: str, width: int, condition: str, most_rows: int) -> bool:
    """Make the temporary table of the rows to look at; whether these are all rows."""
    table = identifier(relation)
    extents = connection.execute(
        f"SELECT _file, min(_row), max(_row), count(*) FROM {table} WHERE {condition} GROUP BY ALL"
    ).fetchall()
    complete = sum(int(count) for *_, count in extents) <= most_rows
    if not complete:
        quota = max(most_rows // len(extents), 3)
        condition = f"({condition}) AND ({' OR '.join(_spread(extent, quota) for extent in extents)})"
    columns = ", ".join(f"f{number}" for number in range(width)) or "NULL AS none"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_SAMPLE} AS SELECT {columns} FROM {table} WHERE {condition}")
    return complete


def _spread(extent: tuple[int, int, int, int], quota: int) -> str:
    """SQL: is this row one of about `quota` rows of a file, a third each at its beginning, at its end, in between?"""
    file, first, last, count = extent
    if count <= quota:
        return f"_file = {file}"
    end = quota // 3
    share = (2**32 * end) // count
    return (
        f"(_file = {file} AND (_row < {first + end} OR _row > {last - end} OR (_row * {_GOLDEN}) % {2**32} < {share}))"
    )


def _profile(found: tuple[Any, ...], label: str, *, complete: bool) -> Profile:
    """The profile of a column from the row that `_query` gives for it."""
    number, rows, filled, distinct, longest, padded, *lists = found
    texts, counts, *shaped = [one or [] for one in lists]
    return Profile(
        position=number,
        label=label,
        rows=rows,
        filled=filled,
        distinct=distinct,
        values=tuple(zip(texts, counts, strict=True)),
        shapes=_triples(shaped[:3]),
        longest=longest,
        padded=padded,
        complete=complete,
        forms=_triples(shaped[3:]),
    )


def _triples(lists: list[list[Any]]) -> tuple[tuple[str, int, str], ...]:
    return tuple(zip(*lists, strict=True))


def _query(number: int) -> str:
    """One row: the column's number and totals, then texts, shapes and forms as lists in the order of their counts."""
    column = f"f{number}"
    # trimming by a long list of characters is slow, and most texts begin and end with a visible one
    bare = f"left({column}, 1) BETWEEN '!' AND '~' AND right({column}, 1) BETWEEN '!' AND '~'"
    trimmed = f"CASE WHEN {bare} THEN {column} ELSE trim({column}, {literal(BLANKS)}) END"
    return f"""(
    WITH texts AS MATERIALIZED (
        SELECT {trimmed} AS text, count(*) AS n, max(length({column})) AS longest,
            count_if(NOT ({bare}) AND text <> {column}) AS padded
        FROM {_SAMPLE} WHERE {column} <> '' GROUP BY 1 HAVING text <> ''
    ), shaped AS MATERIALIZED (
        SELECT regexp_replace(translate(text, '0123456789', '9999999999'), '\\pL+', 'a', 'g') AS shape,
            strlen(text) <= {NUMBER} AND regexp_matches(text, '^[^0-9]*0') AS zero,
            sum(n)::BIGINT AS n, min(text) AS example
        FROM texts GROUP BY 1, 2
    ), shapes AS (
        SELECT shape, sum(n)::BIGINT AS n, min(example) AS example FROM shaped GROUP BY 1
        ORDER BY 2 DESC, 1 LIMIT {SHAPES}
    ), forms AS (
        SELECT regexp_replace(if(zero, regexp_replace(shape, '9', '0'), shape), '9{{5,}}', '9999', 'g') AS form,
            sum(n)::BIGINT AS n, min(example) AS example
        FROM shaped GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {FORMS}
    ), frequent AS (SELECT text, n FROM texts ORDER BY n DESC, text LIMIT {VALUES})
    SELECT {number}, (SELECT count(*) FROM {_SAMPLE}), t.*, v.*, s.*, f.* FROM
        (SELECT coalesce(sum(n), 0)::BIGINT, count(*), coalesce(max(longest), 0), coalesce(sum(padded), 0)::BIGINT
         FROM texts) t,
        (SELECT list(text ORDER BY n DESC, text), list(n ORDER BY n DESC, text) FROM frequent) v,
        (SELECT list(shape ORDER BY n DESC, shape), list(n ORDER BY n DESC, shape),
            list(example ORDER BY n DESC, shape) FROM shapes) s,
        (SELECT list(form ORDER BY n DESC, form), list(n ORDER BY n DESC, form),
            list(example ORDER BY n DESC, form) FROM forms) f
    )"""
