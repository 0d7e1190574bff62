"""The local fact database: a fact file as DuckDB answers from it fastest. A cache, which may be deleted at any time.

Measured in docs/osep/009-read-layout.md. The table `lines` has the facts; of a dimension with many members it has a
number in place of code and label, which the dimension's own table `of …` explains. `facts` shows them as they were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from openspending.analytics.cubemodel import COUNT, CubeModel
from openspending.fdp.sqltext import identifier, literal

# Above this many members a column is no dictionary (ENUM): each statement would copy it, at more cost than it saves.
MANY: Final = 10_000
FORM: Final = "l3"  # of this database; to be raised when its tables change, so that no server opens older ones
LINES: Final = "lines"
RID: Final = "_rid"
RIDS: Final = "rids"
KEY: Final = "key"
_NUMBERED: Final = "numbered_dimensions"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A dimension whose members have numbers from 0, in the order of its columns, missing values last.

    `table` has them with their `columns` and the number of their facts; `key` is the column of `lines` that has the
    number. Each of the columns `telling` has another value for every one of the `count` members, which have `facts`
    facts in all.
    """

    table: str
    key: str
    columns: tuple[str, ...]
    telling: tuple[str, ...]
    count: int
    facts: int

    def told_by(self, columns: Collection[str]) -> bool:
        """Whether the values of `columns` tell its members apart."""
        return set(self.columns) <= set(columns) or bool(set(self.telling) & set(columns))


@dataclass(frozen=True, slots=True)
class Layout:
    """A database that `copy_facts` made, attached under the name `schema`."""

    schema: str
    numbered: tuple[Numbered, ...] = ()
    _by_column: Mapping[str, Numbered] = field(default_factory=dict)

    @property
    def lines(self) -> str:
        """The table of the facts, as SQL."""
        return f"{identifier(self.schema)}.{LINES}"

    @property
    def rids(self) -> str:
        """The table of row ids, `head` and number of the fact, as SQL."""
        return f"{identifier(self.schema)}.{RIDS}"

    def of(self, column: str) -> Numbered | None:
        """The numbered dimension that a fact column belongs to."""
        return self._by_column.get(column)

    def members(self, dimension: Numbered) -> str:
        """The table of a dimension's members, as SQL."""
        return f"{identifier(self.schema)}.{identifier(dimension.table)}"


NOT_LAID_OUT: Final = Layout("")  # of tables whose columns are all as they were


def copy_facts(database: duckdb.DuckDBPyConnection, parquet: Path, model: CubeModel, *, many: int = MANY) -> None:
    """The tables of a fact file, whose dimensions `model` knows.

    Texts with up to `many` values are sorted dictionaries (ENUM): grouping on these is 2–3 times faster than on text,
    and they sort as their texts do. Members of dimensions with more get numbers.
    """
    source = f"read_parquet({literal(str(parquet))})"
    described = database.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    kinds = {name: kind for name, kind, *_ in described}
    numbered = [
        _number(database, source, at, one) for at, one in enumerate(_large(database, source, model, kinds, many))
    ]
    beyond = {column for one in numbered for column in one.columns}
    texts = [name for name, kind in kinds.items() if kind == "VARCHAR" and name not in beyond and name != RID]
    dictionaries = set(_dictionaries(database, source, texts, many))
    columns = [_column(name, coded=name in dictionaries) for name in kinds if name not in beyond]
    columns += [f"{identifier(one.table)}.{KEY} AS {identifier(one.key)}" for one in numbered]
    joins = "".join(_join(one) for one in numbered)
    database.execute(f"CREATE TABLE {LINES} AS SELECT {', '.join(columns)} FROM {source} AS s{joins}{_order(numbered)}")
    if RID in kinds:
        database.execute(
            f"CREATE TABLE {RIDS} AS SELECT {rid_head(RID)} AS head, rowid AS n FROM {LINES} ORDER BY head"
        )
    _show(database, kinds, numbered)


def layout_of(database: duckdb.DuckDBPyConnection, schema: str) -> Layout:
    """What `copy_facts` made of the attached database `schema`."""
    with database.cursor() as cursor:
        found = cursor.execute(f"SELECT * FROM {identifier(schema)}.{_NUMBERED}").fetchall()
    numbered = tuple(
        Numbered(table, key, tuple(own), tuple(telling), *numbers) for table, key, own, telling, *numbers in found
    )
    return Layout(schema, numbered, {column: one for one in numbered for column in one.columns})


def rid_head(text: str) -> str:
    """The first 15 hex digits of a row id as a number, as SQL: few facts share them, and numbers are found faster."""
    return f"TRY_CAST('0x' || left({text}, 15) AS BIGINT)"


def _large(
    database: duckdb.DuckDBPyConnection, source: str, model: CubeModel, kinds: Mapping[str, str], many: int
) -> Iterator[tuple[str, ...]]:
    """The columns of each dimension with many members, none of which another dimension has."""
    own = [tuple(dict.fromkeys(one.column.name for one in each.attributes)) for each in model.dimensions.values()]
    shared = {column for at, one in enumerate(own) for other in own[:at] for column in one if column in other}
    possible = [one for one in own if not shared & set(one) and all(column in kinds for column in one)]
    if not possible:
        return
    asked = ", ".join(f"approx_count_distinct(hash({', '.join(map(identifier, one))}))" for one in possible)
    (counts,) = database.execute(f"SELECT {asked} FROM {source}").fetchall()
    for columns, count in zip(possible, counts, strict=True):
        if count > many and any(kinds[one] == "VARCHAR" for one in columns):
            yield columns


def _number(database: duckdb.DuckDBPyConnection, source: str, at: int, columns: tuple[str, ...]) -> Numbered:
    """Make the table of a dimension's members: a number for each, in order, and how many facts it has."""
    table = f"members {at}"
    names = ", ".join(map(identifier, columns))
    order = ", ".join(f"{identifier(one)} NULLS LAST" for one in columns)
    database.execute(
        f"CREATE TABLE {identifier(table)} AS SELECT CAST(row_number() OVER (ORDER BY {order}) - 1 AS UINTEGER) "
        f"AS {KEY}, {names}, {COUNT} FROM (SELECT {names}, count(*) AS {COUNT} FROM {source} GROUP BY {names}) "
        f"ORDER BY {KEY}"
    )
    distinct = ", ".join(
        f"count(DISTINCT {identifier(one)}) + count(*) FILTER ({identifier(one)} IS NULL)" for one in columns
    )
    counted = f"SELECT count(*), coalesce(sum({COUNT}), 0), {distinct} FROM {identifier(table)}"
    ((members, facts, *values),) = database.execute(counted).fetchall()
    telling = tuple(one for one, count in zip(columns, values, strict=True) if count == members)
    return Numbered(table, f"member {at}", columns, telling, members, int(facts))


def _dictionaries(database: duckdb.DuckDBPyConnection, source: str, texts: Sequence[str], many: int) -> Iterator[str]:
    """The texts that have few values, each with a type of its own now."""
    if not texts:
        return
    distinct = ", ".join(f"approx_count_distinct({identifier(name)})" for name in texts)
    (counts,) = database.execute(f"SELECT {distinct} FROM {source}").fetchall()
    for name, count in zip(texts, counts, strict=True):
        if 0 < count <= many:
            database.execute(
                f"CREATE TYPE {identifier('text of ' + name)} AS ENUM (SELECT DISTINCT {identifier(name)} "
                f"FROM {source} WHERE {identifier(name)} IS NOT NULL ORDER BY 1)"
            )
            yield name


def _column(name: str, *, coded: bool) -> str:
    column = f"s.{identifier(name)}"
    return f"CAST({column} AS {identifier('text of ' + name)}) AS {identifier(name)}" if coded else column


def _join(one: Numbered) -> str:
    table = identifier(one.table)
    same = " AND ".join(f"s.{identifier(name)} IS NOT DISTINCT FROM {table}.{identifier(name)}" for name in one.columns)
    return f" LEFT JOIN {table} ON {same}"


def _order(numbered: Sequence[Numbered]) -> str:
    """Facts of one member lie together in the dimension with the fewest numbers: what is asked of one of them reads few
    blocks. The others are asked for at most as often, and would find fewer facts to a block."""
    if not numbered:
        return ""
    first = min(numbered, key=lambda one: one.count)
    return f" ORDER BY {identifier(first.table)}.{KEY}, s._file, s._row"


def _show(database: duckdb.DuckDBPyConnection, kinds: Mapping[str, str], numbered: Sequence[Numbered]) -> None:
    """`facts`, with all columns in their order, and what has numbers."""
    table = {column: one.table for one in numbered for column in one.columns}
    shown = ", ".join(f"{identifier(table.get(name, LINES))}.{identifier(name)}" for name in kinds)
    joins = "".join(
        f" LEFT JOIN {identifier(one.table)} ON {identifier(one.table)}.{KEY} = {LINES}.{identifier(one.key)}"
        for one in numbered
    )
    database.execute(f"CREATE VIEW facts AS SELECT {shown} FROM {LINES}{joins}")
    columns = '"table" VARCHAR, "key" VARCHAR, columns VARCHAR[], telling VARCHAR[], n BIGINT, facts BIGINT'
    database.execute(f"CREATE TABLE {_NUMBERED} ({columns})")
    for one in numbered:
        row = [one.table, one.key, list(one.columns), list(one.telling), one.count, one.facts]
        database.execute(f"INSERT INTO {_NUMBERED} VALUES (?, ?, ?, ?, ?, ?)", row)
