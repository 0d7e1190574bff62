"""Tables of amounts that are stacked though their rows are the same: every amount in them would count twice.

Publishers like to put a table of all years beside one for each year; both look like facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from openspending.etl.amounts import MOST_DIGITS
from openspending.etl.columns import amount_fields
from openspending.etl.sourcefile import SourceFile
from openspending.etl.table import Table
from openspending.fdp.denormalise import Branch, Constant, FromField, Plan, Unpivoted
from openspending.fdp.problems import Problem, problem
from openspending.fdp.sqltext import identifier, literal
from openspending.fdp.values import Decimals

Widths = Mapping[tuple[str, str], Decimals]  # by (resource, field): digits left and right of the point


def check_stacked(
    connection: duckdb.DuckDBPyConnection, made: Plan, tables: Mapping[str, Table], widths: Widths
) -> list[Problem]:
    """An error for each table of amounts whose rows all stand, as often, in another one. The cells must be valid.

    Rows are compared by what the model uses of them: values of amounts, texts and constants of everything else.
    """
    branches = [one for one in made.branches if one.resource.name in tables]
    if len(branches) < 2:
        return []
    width = _common_width(branches, widths)
    hashes = [_hashes(number, one, tables[one.resource.name], width) for number, one in enumerate(branches)]
    found = connection.execute(
        f"WITH counted AS MATERIALIZED (SELECT t, h, count(*) AS n FROM ({' UNION ALL '.join(hashes)})"
        " GROUP BY t, h),"
        " sizes AS (SELECT t, sum(n) AS size FROM counted GROUP BY t)"
        " SELECT a.t, b.t, any_value(size) FROM counted AS a JOIN counted AS b ON a.h = b.h AND a.t <> b.t"
        " JOIN sizes ON sizes.t = a.t WHERE a.n <= b.n GROUP BY a.t, b.t HAVING sum(a.n) = any_value(size)"
        " ORDER BY 1, 2"
    ).fetchall()
    pairs = {(inner, outer) for inner, outer, _ in found}
    return [
        problem(
            "fiscal/stacked-twice",
            resource=branches[inner].resource.name,
            file=", ".join(branches[inner].resource.paths) or None,
            count=int(size),
            other=branches[outer].resource.name,
        )
        for inner, outer, size in found
        if inner > outer or (outer, inner) not in pairs  # of two equal tables, the second is too many
    ]


def check_parts(made: Plan, tables: Mapping[str, Table], files: Mapping[str, SourceFile]) -> list[Problem]:
    """An error for each part of a table of amounts that is, byte for byte, an earlier part."""
    problems = []
    for branch in made.branches:
        seen: dict[str, str] = {}
        resource = branch.resource
        for path in resource.paths if resource.name in tables else ():
            first = seen.setdefault(files[path].sha256, path) if path in files else path
            if first != path or resource.paths.count(path) > 1:
                problems.append(problem("fiscal/part-twice", file=path, resource=resource.name, other=first))
    return list(dict.fromkeys(problems))


def _common_width(branches: Sequence[Branch], widths: Widths) -> Decimals | None:
    """Digits that hold every amount of all tables; None when they do not fit one type."""
    sizes = [widths.get((one.resource.name, field.name), (0, 0)) for one in branches for field in amount_fields(one)]
    digits, scale = max(1, *(size[0] for size in sizes)), max(0, *(size[1] for size in sizes))
    return (digits, scale) if digits + scale <= MOST_DIGITS else None


def _hashes(number: int, branch: Branch, table: Table, width: Decimals | None) -> str:
    """SQL of one hash for each row of a table."""
    parts = ", ".join(_parts(branch, table, width))
    return f"SELECT {number} AS t, hash({parts}) AS h FROM {identifier(table.loaded.relation)}"


def _parts(branch: Branch, table: Table, width: Decimals | None) -> Iterator[str]:
    """SQL of what makes up a row. A code list that is joined is told by its key."""
    columns = {one.field.name: one for one in table.columns}

    def text(name: str) -> str:
        return columns[name].reading.text(columns[name].sql)

    for _, origin in branch.attributes:
        if isinstance(origin, FromField) and origin.table == 0:
            yield text(origin.field.name)
        elif isinstance(origin, Constant):
            yield "NULL" if origin.value is None else literal(str(origin.value))
        elif isinstance(origin, Unpivoted):
            yield literal(str(origin.values))
    yield from (text(name) for join in branch.joins if join.source == 0 for name in join.left)
    for field in amount_fields(branch):
        column = columns[field.name]
        yield text(field.name) if width is None else column.reading.value(column.sql, width)
