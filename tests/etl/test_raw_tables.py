"""Raw tables: spilled or not, in one piece or many, they hold the same rows; workspaces leave nothing behind."""

from __future__ import annotations

import csv
import resource
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from openspending.etl import rawtable
from openspending.etl.rawtable import CODES, TEXT, RawTable, repetitive
from openspending.etl.read import load
from openspending.etl.sourcefile import source_file
from openspending.etl.workspace import Workspace
from openspending.fdp.package import Field, Resource, Schema


def texts(*values: str | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, TEXT)])


@pytest.mark.parametrize("in_memory", [0, 1 << 20])
def test_spilled_and_kept_tables_are_the_same(workspace: Workspace, tmp_path: Path, in_memory: int) -> None:
    table = RawTable("raw", 3, tmp_path, in_memory)
    table.add(0, pa.array([2, 3], pa.int64()), [texts("a", "b"), None, texts("", "é'")])
    table.add(1, pa.array([2], pa.int64()), [texts("a"), texts("x"), texts(None)])
    table.finish(workspace.connection)

    rows = workspace.connection.execute("SELECT * FROM raw").fetchall()
    assert rows == [(0, 2, "a", None, ""), (0, 3, "b", None, "é'"), (1, 2, "a", "x", None)]
    assert {at: set(values.to_pylist()) for at, values in table.distinct().items()} == {
        0: {"a", "b"},
        1: {None, "x"},
        2: {"", "é'", None},
    }
    assert bool(list(tmp_path.glob("raw-*.parquet"))) == (in_memory == 0)


def test_columns_that_do_not_repeat_are_kept_as_text() -> None:
    many = [str(number) for number in range(2 * rawtable.SAMPLE)]

    assert not repetitive(texts(*many))
    assert repetitive(texts(*["x", "y"] * rawtable.SAMPLE))


def test_a_column_that_stops_repeating_has_no_set_of_values(workspace: Workspace, tmp_path: Path) -> None:
    table = RawTable("raw", 1, tmp_path)
    table.types = [CODES]
    many = [str(number) for number in range(rawtable.MANY + 1)]
    table.add(0, pa.arange(2, len(many) + 2), [texts(*many)])
    table.finish(workspace.connection)

    assert table.distinct() == {}
    assert workspace.connection.execute("SELECT count(DISTINCT f0) FROM raw").fetchall() == [(len(many),)]


def test_workspaces_leave_nothing_behind(tmp_path: Path) -> None:
    with Workspace(tmp_path) as work:
        (work.folder / "x").write_text("x")
        work.connection.execute("CREATE TABLE t AS SELECT 1 AS x")

    assert list(tmp_path.iterdir()) == []


def write_rows(path: Path, count: int, cell: str) -> Resource:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["a", "b", "c"])
        writer.writerows([f"{number}", cell, f"{number % 7}"] for number in range(count))
    return Resource("t", (path.name,), schema=Schema((Field("a"), Field("b"), Field("c"))))


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["plain", "two\nlines"])
def test_large_files_are_read_in_bounded_memory(tmp_path: Path, monkeypatch: Any, cell: str) -> None:
    count = 1_000_000 if cell == "plain" else 250_000
    path = tmp_path / "t.csv"
    described = write_rows(path, count, cell + " " * 50)
    monkeypatch.setattr(rawtable, "IN_MEMORY", 32 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Workspace(tmp_path) as work:
        loaded = load(work.connection, "raw", described, {"t.csv": source_file(path)})
        found = work.connection.execute("SELECT count(*), min(_row), max(_row), sum(f0::BIGINT) FROM raw").fetchall()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert loaded.rows == count
    assert found == [(count, 2, count + 1, count * (count - 1) // 2)]
    assert grown < 600_000  # kB
