"""The questions in process, in DuckDB alone, on several layouts of one table: what the read API is measured against.

    python -m benchmarks.layouts [ROWS] [FOLDER] [LAYOUT…]

Layouts: text columns as dictionaries (ENUM), as keys of member tables, or as dictionaries up to 10,000 members and keys
above; in the order of the file, or sorted. Each is asked the same questions with the same answers; prints what it takes
to build, its bytes, and milliseconds of wall and of CPU time per question, medians.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks import serving
from benchmarks.questions import QUESTIONS, Question

# code, label
DIMENSIONS: Final = (
    *(("phase",), ("direction",), ("ministry", "ministry_name"), ("office", "office_name"), ("unit", "unit_name")),
    *(("division", "division_name"), ("group", "group_name"), ("class", "class_name"), ("chapter", "chapter_name")),
    *(("article", "article_name"), ("supplier", "supplier_name"), ("region", "region_name")),
    ("contract", "description"),
)
_LABELS: Final = {one[0]: one[1] if len(one) > 1 else None for one in DIMENSIONS} | {"year": None}
_EVERY: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class Layout:
    """`dictionary`: up to how many members a dimension's columns are ENUMs in the facts; above, these have a key."""

    name: str
    dictionary: int
    order: str
    late: bool = True  # are labels looked up after the grouping, or grouped by?
    lists: bool = True  # has it all columns, or only what is grouped, cut and summed?


LAYOUTS: Final = (
    Layout("dictionaries", _EVERY, "_row", late=False),
    Layout("keys", 0, "_row"),
    Layout("both", 10_000, "_row"),
    Layout("both_by_supplier", 10_000, "s.supplier, _row"),
    Layout("both_by_ministry_supplier", 10_000, "s.ministry, s.supplier, _row"),
    Layout("codes_by_ministry_supplier", 10_000, "s.ministry, s.supplier, _row", lists=False),
)


def build(layout: Layout, parquet: Path, path: Path) -> None:
    """Write the database of a layout: table `facts`, and for each dimension a table `of NAME` of members in order."""
    with duckdb.connect(str(path), config={"threads": 2}) as database:
        source, joins, columns = f"read_parquet('{parquet}')", "", ['CAST("year" AS USMALLINT) AS "year"']
        for dimension in DIMENSIONS:
            table, texts = _table(dimension[0]), _quoted(dimension)
            database.execute(
                f"CREATE TABLE {table} AS SELECT CAST(row_number() OVER (ORDER BY {texts}) - 1 AS UINTEGER) AS key, "
                f"{texts}, n FROM (SELECT {texts}, count(*) AS n FROM {source} GROUP BY ALL) ORDER BY key"
            )
            if _count(database, table) <= layout.dictionary:
                dictionaries = [_dictionary(database, table, name) for name in dimension]
                columns += dictionaries if layout.lists else dictionaries[:1]
            else:
                same = " AND ".join(f's."{one}" = {table}."{one}"' for one in dimension)
                joins += f" JOIN {table} ON {same}"
                columns.append(f'{table}.key AS "{dimension[0]}"')
        columns += ["amount", "_row", "_rid"] if layout.lists else ["amount"]
        shown = ", ".join(columns)
        database.execute(f"CREATE TABLE facts AS SELECT {shown} FROM {source} AS s{joins} ORDER BY {layout.order}")


def _dictionary(database: duckdb.DuckDBPyConnection, table: str, name: str) -> str:
    type_ = f'"text of {name}"'
    database.execute(f'CREATE TYPE {type_} AS ENUM (SELECT DISTINCT "{name}" FROM {table} ORDER BY 1)')
    database.execute(f'ALTER TABLE {table} ALTER "{name}" TYPE {type_}')
    return f's."{name}"::{type_} AS "{name}"'


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _table(dimension: str) -> str:
    return f'"of {dimension}"'


def _count(database: duckdb.DuckDBPyConnection, table: str) -> int:
    found = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


class Statements:
    """The statements of one layout, opened from its file. Each answers all that the API's answer holds."""

    def __init__(self, layout: Layout, path: Path) -> None:
        self._layout = layout
        self._database = duckdb.connect(str(path), read_only=True, config={"threads": 2, "memory_limit": "1GB"})
        described = self._database.execute("DESCRIBE facts").fetchall()
        self._keys = {name for name, type_, *_ in described if name in _LABELS and type_ == "UINTEGER"}

    def answers(self, question: Question) -> bool:
        """Whether the layout has what `question` asks for."""
        return self._layout.lists or question.kind != "facts"

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def asked(self, question: Question) -> Callable[[], list[tuple[Any, ...]]]:
        """A function that asks `question` and returns all rows."""
        statement = getattr(self, question.kind)(question)
        cursor = self._database.cursor()
        return lambda: cursor.execute(statement).fetchall()

    def aggregate(self, question: Question) -> str:
        """The page of cells, their number, and the sums of all, in one statement; labels are joined last if late."""
        source = f"FROM facts AS f{self._where(question.cut)}"
        if not question.drilldown:
            return f"SELECT 0, 1, sum(amount), count(*) {source}"
        keys = list(question.drilldown)
        if not self._layout.late:
            keys = [name for one in keys for name in (one, _LABELS[one]) if name]
        groups = [f"g{number}" for number in range(len(keys))]
        named = ", ".join(f'"{key}" AS {group}' for key, group in zip(keys, groups, strict=True))
        order = ", ".join(["a0 DESC"] * question.largest + groups)
        joins, shown = self._labels(keys, groups) if self._layout.late else ("", groups)
        return (
            f"WITH cells AS MATERIALIZED (SELECT {named}, sum(amount) AS a0, count(*) AS a1 {source} "
            f"GROUP BY {_quoted(keys)}), page AS (SELECT 0 AS part, count(*) AS total, "
            f"{', '.join(f'NULL AS {one}' for one in groups)}, sum(a0) AS a0, sum(a1) AS a1 FROM cells "
            f"UNION ALL (SELECT 1, NULL, {', '.join(groups)}, a0, a1 FROM cells ORDER BY {order} "
            f"LIMIT {question.size})) SELECT part, total, {', '.join(shown)}, a0, a1 FROM page{joins} "
            f"ORDER BY part, {order}"
        )

    def facts(self, question: Question) -> str:
        """The rows to show are found by what is cut and sorted alone; only then the other columns are read."""
        source = f"FROM facts AS f{self._where(question.cut)}"
        keys = [one[0] for one in DIMENSIONS if one[0] in self._keys]
        own = [f'"{name}"' for one in DIMENSIONS if one[0] not in self._keys for name in one]
        read = [f'f."{key}"' for key in keys]
        joins, shown = self._labels(keys, [f'page."{key}"' for key in keys])
        return (
            f"WITH found AS MATERIALIZED (SELECT rowid AS r, amount {source}), "
            "top AS MATERIALIZED (SELECT r, (SELECT count(*) FROM found) AS total FROM found "
            f"ORDER BY amount DESC, r LIMIT {question.size}), "
            f'page AS (SELECT total, "year", amount, {", ".join(own + read)}, r '
            "FROM top JOIN facts AS f ON f.rowid = r) "
            f'SELECT total, "year", page.amount, {", ".join([*(f"page.{one}" for one in own), *shown])} '
            f"FROM page{joins} ORDER BY page.amount DESC, page.r"
        )

    def members(self, question: Question) -> str:
        """Members are in a table of their own, in order of their codes: a page of them is a range of keys."""
        (dimension,) = question.drilldown
        table = _table(dimension)
        return (
            f"SELECT (SELECT count(*) FROM {table}), {_quoted([dimension, _LABELS[dimension] or dimension])} "
            f"FROM {table} WHERE key < {question.size} ORDER BY key"
        )

    def _labels(self, dimensions: Sequence[str], values: Sequence[str]) -> tuple[str, list[str]]:
        """Joins of the member tables to the `values` (codes or keys) of dimensions, and the columns to show."""
        joins, shown = "", []
        for number, (dimension, value) in enumerate(zip(dimensions, values, strict=True)):
            keyed, label = dimension in self._keys, _LABELS[dimension]
            if keyed or label:
                joins += (
                    f' LEFT JOIN {_table(dimension)} AS d{number} ON d{number}."{"key" if keyed else dimension}" = '
                )
                joins += value
            shown.append(f'd{number}."{dimension}"' if keyed else value)
            shown += [f'd{number}."{label}"'] if label else []
        return joins, shown

    def _where(self, cut: Mapping[str, str | int]) -> str:
        conditions = [f'"{name}" = {self._value(name, value)}' for name, value in cut.items()]
        return f" WHERE {' AND '.join(conditions)}" if conditions else ""

    def _value(self, name: str, value: str | int) -> str:
        if name not in self._keys:
            return f"'{value}'" if isinstance(value, str) else str(value)
        found = self._database.execute(f'SELECT key FROM {_table(name)} WHERE "{name}" = ?', [value]).fetchone()
        return str(found[0] if found else -1)


def main(rows: int, folder: Path, names: Sequence[str] = (), times: int = 15) -> None:
    """Build all layouts, or those of `names`, ask all questions in turn, print."""
    parquet = serving.facts_file(serving.published(folder, rows), rows)
    chosen = [one for one in LAYOUTS if not names or one.name in names]
    for layout in chosen:
        path = folder / f"{layout.name}-{rows}.duckdb"
        path.unlink(missing_ok=True)
        wall, cpu = time.perf_counter(), time.process_time()
        build(layout, parquet, path)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"{layout.name:28} {wall:6.1f} s wall {cpu:6.1f} s CPU {path.stat().st_size / 1e6:7.0f} MB", flush=True)
    opened = {one.name: Statements(one, folder / f"{one.name}-{rows}.duckdb") for one in chosen}
    print(f"{'ms wall / CPU':28}" + "".join(f"{name[:24]:>26}" for name in opened))
    for question in QUESTIONS:
        asked = {name: one.asked(question) for name, one in opened.items() if one.answers(question)}
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
        for _ in range(times):
            for name, ask in asked.items():
                took[name].append(_timed(ask))
        print(f"{question.name:28}" + "".join(f"{_medians(took.get(name)):>26}" for name in opened), flush=True)


def _medians(took: Sequence[tuple[float, float]] | None) -> str:
    if took is None:
        return "–"
    return " / ".join(f"{statistics.median(one) * 1000:.1f}" for one in zip(*took, strict=True))


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    ask()
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    asked_rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        main(asked_rows, Path(sys.argv[2]), sys.argv[3:])
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(asked_rows, Path(temporary))
