"""What a resource declares to be done with its raw rows: rows left out, blank cells filled from above, texts replaced.

The raw relation stays as it is. The shaped one keeps `_file` and `_row`, and costs nothing where nothing is declared.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa

from openspending.etl.declared import kind_called
from openspending.etl.limits import SHOWN
from openspending.etl.loaded import LeftOutRows, Loaded
from openspending.etl.rawtable import TEXT
from openspending.etl.workspace import folder_of
from openspending.fdp.leaveout import LeaveOut
from openspending.fdp.package import Field, Resource
from openspending.fdp.problems import Problem, problem
from openspending.fdp.spaces import BLANKS, blank, trimmed, unless_blank
from openspending.fdp.sqltext import identifier, literal, literals

Fields = Mapping[int, Field]  # by position


def shape(connection: duckdb.DuckDBPyConnection, loaded: Loaded, resource: Resource) -> Loaded:
    """The raw table `loaded` as `resource`, whose fields are its columns in order, says that it is to be read. Where
    that says nothing it is the same relation; else another one is made, in place of what `shape` made of it before.

    First come rows left out, judged by the texts as written; then cells filled from above, which rows left out do not
    pass on; then spaces at the ends of texts; then texts replaced.
    """
    shaped = replace(loaded, problems=list(loaded.problems), distinct=dict(loaded.distinct), left_out=())
    _leave_out(connection, shaped, resource)
    _change(connection, shaped, resource, loaded.relation)
    for ragged in shaped.ragged:
        shaped.problems += ragged.problems(left_out(connection, shaped, ragged.part))
    if shaped.relation != loaded.relation:
        _look_again(connection, shaped)
    return shaped


def left_out(connection: duckdb.DuckDBPyConnection, loaded: Loaded, part: int) -> frozenset[int]:
    """The numbers of the rows of one part that are left out by rule."""
    if not any(one.part == part for one in loaded.left_out):
        return frozenset()
    query = f"SELECT _row FROM {identifier(loaded.left_table)} WHERE _file = {part}"
    return frozenset(row for (row,) in connection.execute(query).fetchall())


def _look_again(connection: duckdb.DuckDBPyConnection, shaped: Loaded) -> None:
    """Which texts stand in the columns that have few of them."""
    for position in shaped.distinct:
        rows = connection.execute(f"SELECT DISTINCT f{position} FROM {identifier(shaped.relation)}").fetchall()
        shaped.distinct[position] = pa.array([text for (text,) in rows], TEXT)


# ── rows left out ────────────────────────────────────────────────────────────────────────────────────────────────────


def _leave_out(connection: duckdb.DuckDBPyConnection, shaped: Loaded, resource: Resource) -> None:
    rules = {number: one for number, one in enumerate(resource.leave_out) if one.conditional}
    if not rules:
        return
    raw, shaped.left_table = shaped.relation, f"{shaped.relation}_left"
    left = identifier(shaped.left_table)
    whens = " ".join(f"WHEN {_applies(one, resource)} THEN {number}" for number, one in rules.items())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {left} AS SELECT * FROM"
        f" (SELECT _file, _row, CASE {whens} END AS rule FROM {identifier(raw)}) WHERE rule IS NOT NULL"
    )
    found = connection.execute(
        f"SELECT rule, _file, count(*), list(_row ORDER BY _row)[1:{SHOWN}] FROM {left} GROUP BY 1, 2 ORDER BY 1, 2"
    ).fetchall()
    shaped.left_out = tuple(LeftOutRows(rules[rule], part, count, tuple(rows)) for rule, part, count, rows in found)
    used = {rule for rule, *_ in found}
    shaped.problems += [_about(one, shaped, resource) for one in shaped.left_out]
    shaped.problems += [_unused(number, one, resource) for number, one in rules.items() if number not in used]
    if shaped.left_out:
        shaped.rows -= sum(one.count for one in shaped.left_out)
        shaped.relation = f"{raw}_kept"
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {identifier(shaped.relation)} AS SELECT * FROM {identifier(raw)} AS r"
            f" WHERE NOT EXISTS (FROM {left} AS l WHERE l._file = r._file AND l._row = r._row)"
        )


def _applies(rule: LeaveOut, resource: Resource) -> str:
    """SQL boolean: is a row left out by `rule`? (One that names a field which does not exist is refused before.)"""
    column = {one.name: f"f{number}" for number, one in enumerate(resource.schema.fields)}
    tests = [blank(column[name]) for name in rule.empty]
    for asked, negated in ((rule.where, ""), (rule.where_not, "NOT ")):
        for name, texts in asked.items():
            listed = literals(one.strip(BLANKS) for one in texts)
            tests.append(f"coalesce({trimmed(column[name])}, '') {negated}IN ({listed})")
    if rule.rows:
        tests.append("(" + " OR ".join(f"_row BETWEEN {first} AND {last}" for first, last in rule.rows) + ")")
    if rule.part is not None:
        tests.append(f"_file = {rule.part - 1}")
    return " AND ".join(tests)


def _about(left: LeftOutRows, shaped: Loaded, resource: Resource) -> Problem:
    return problem(
        "fiscal/rows-left-out",
        file=shaped.parts[left.part],
        resource=resource.name,
        row=left.rows[0],
        count=left.count,
        rows=_numbers(left.rows, left.count),
        kind=kind_called(left.rule.kind),
        reason=f" ({left.rule.reason})" if left.rule.reason else "",
    )


def _unused(number: int, rule: LeaveOut, resource: Resource) -> Problem:
    return problem("fiscal/rule-without-rows", resource=resource.name, number=number + 1, kind=kind_called(rule.kind))


# ── cells changed ────────────────────────────────────────────────────────────────────────────────────────────────────


def _change(connection: duckdb.DuckDBPyConnection, shaped: Loaded, resource: Resource, raw: str) -> None:
    """Fill, trim and replace. What comes of it is written down, for making it anew for every question would cost more
    than the questions."""
    fields = dict(enumerate(resource.schema.fields))
    changed = {number: one for number, one in fields.items() if one.fill_down or one.trim or one.replace}
    if not changed:
        return
    shaped.problems += _about_replaced(connection, shaped, resource, changed)
    cells = ", ".join(f"{_cell(one, f'f{number}')} AS f{number}" for number, one in changed.items())
    query = f"SELECT * REPLACE ({cells}) FROM {_filled(shaped, changed)}"
    target = literal(str(Path(tempfile.mkdtemp(dir=folder_of(connection))) / "shaped.parquet"))
    connection.execute(f"COPY ({query}) TO {target} (FORMAT parquet, COMPRESSION lz4)")
    shaped.relation = f"{raw}_shaped"
    view = identifier(shaped.relation)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM read_parquet({target})")


def _filled(shaped: Loaded, changed: Fields) -> str:
    """SQL of the relation with blank cells filled, in file order."""
    columns = [f"f{number}" for number, one in changed.items() if one.fill_down]
    relation = identifier(shaped.relation)
    if not columns:
        return relation
    cells = ", ".join(
        f"coalesce(last_value({unless_blank(one, one)} IGNORE NULLS) OVER above, {one}) AS {one}" for one in columns
    )
    window = "PARTITION BY _file ORDER BY _row ROWS UNBOUNDED PRECEDING"
    return f"(SELECT * REPLACE ({cells}) FROM {relation} WINDOW above AS ({window}) ORDER BY _file, _row)"


def _cell(field: Field, name: str) -> str:
    """SQL of a cell, trimmed and replaced as its field says."""
    text = trimmed(name) if field.trim else name
    if not field.replace:
        return text
    whens = " ".join(
        f"WHEN {literal(old)} THEN {'NULL' if new is None else literal(new)}" for old, new in _replaced(field)
    )
    return f"CASE {text} {whens} ELSE {text} END"


def _replaced(field: Field) -> Iterator[tuple[str, str | None]]:
    """What a field replaces: texts as they are once trimmed."""
    for old, new in field.replace.items():
        yield (old.strip(BLANKS) if field.trim else old), new


def _about_replaced(
    connection: duckdb.DuckDBPyConnection, shaped: Loaded, resource: Resource, changed: Fields
) -> Iterator[Problem]:
    """A warning for the cells of each field that are replaced, in each file that has some; cells that take a text from
    above are not counted."""
    for number, field in changed.items():
        if not field.replace:
            continue
        text = trimmed(f"f{number}") if field.trim else f"f{number}"
        found = connection.execute(
            f"SELECT _file, count(*), list(_row ORDER BY _row)[1:{SHOWN}], min(f{number})"
            f" FROM {identifier(shaped.relation)} WHERE {text} IN ({literals(old for old, _ in _replaced(field))})"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for part, count, rows, value in found:
            yield problem(
                "fiscal/cells-replaced",
                file=shaped.parts[part],
                resource=resource.name,
                row=rows[0],
                field=field.name,
                value=value,
                count=count,
                rows=_numbers(rows, count),
            )


def _numbers(rows: Sequence[int], count: int) -> str:
    """The first row numbers, for people."""
    return ", ".join(str(row) for row in rows[:5]) + (", …" if count > 5 else "")
