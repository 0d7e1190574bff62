"""Lines divide into cells, each line into one, and cells are few."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openspending.analytics.cubemodel import from_spec
from openspending.analytics.guards.roles import Default, Exclusive, Member, Roles, Years
from openspending.analytics.search import cells
from openspending.analytics.search.cells import Division, divide
from openspending.analytics.search.factbatches import fact_batches

TABLE: dict[str, list[Any]] = {
    "day": [date(2014, 1, 1), date(2014, 12, 31), None, date(2015, 5, 5), date(2015, 5, 6), date(2015, 5, 5)],
    "phase": ["approved", "approved", "executed", None, "approved", "paid"],
    "version": [1, 2, 1, 1, 1, 1],
}


def exclusive(name: str, kind: str, members: list[Any]) -> Exclusive:
    found = tuple(Member(one, None, 1) for one in members)
    return Exclusive(name, f"{name}.{name}", None, kind, "", len(found), found, (), Default(members[0], ""))


def division(folder: Path, table: dict[str, list[Any]], year: str | None = None) -> tuple[Division, Path]:
    path = folder / "facts.parquet"
    pq.write_table(pa.table(table), path)
    dimensions = {
        name: {"label": name, "key_attribute": name, "attributes": {name: {"column": name, "label": name}}}
        for name in table
    }
    cube = from_spec({"fact_table": "facts", "dimensions": dimensions, "measures": {}, "hierarchies": {}})
    kinds = {"phase": "phase", "version": "version", "stage": "phase"}
    roles = Roles(
        exclusive=tuple(
            exclusive(name, kinds[name], [one for one in dict.fromkeys(values) if one is not None])
            for name, values in table.items()
            if name in kinds
        ),
        years=Years("day", "day.day", (), (), dates=True) if "day" in table else None,
    )
    return divide(path, cube, roles, year), path


def numbers(found: Division, path: Path) -> list[int]:
    names = [one.name for one in found.dividers] or ["version"]
    return [number for batch in fact_batches(path, names, 4) for number in found.numbers_of(batch).to_pylist()]


def test_days_tell_years_and_missing_members_are_members(tmp_path: Path) -> None:
    found, path = division(tmp_path, TABLE)
    assert Counter(numbers(found, path)) == {one.number: one.lines for one in found.cells}
    said = {(one.year, one.marks["phase"], one.marks["version"]) for one in found.cells}
    assert said == {
        ("2014", "approved", "1"),
        ("2014", "approved", "2"),
        (None, "executed", "1"),
        ("2015", None, "1"),
        ("2015", "approved", "1"),
        ("2015", "paid", "1"),
    }
    assert not found.mixed


def test_days_of_one_year_are_one_cell(tmp_path: Path) -> None:
    found, _ = division(tmp_path, {"day": [date(2014, 1, 1), date(2014, 2, 1)]})
    assert [(one.year, one.lines) for one in found.cells] == [("2014", 2)]


def test_without_a_column_of_years_all_lines_are_of_the_package_s(tmp_path: Path) -> None:
    found, _ = division(tmp_path, {"phase": ["approved", None]}, "2013/14")
    assert {one.year for one in found.cells} == {"2013/14"}


def test_two_columns_of_one_kind_make_one_mark(tmp_path: Path) -> None:
    found, _ = division(tmp_path, {"phase": ["approved", "executed"], "stage": ["approved", "draft"]})
    assert [one.marks for one in found.cells] == [{"phase": "approved"}, {"phase": "executed / proposed"}]


@pytest.mark.parametrize(
    ("most", "kept", "mixed"), [(5, {"phase", "version"}, False), (4, {"phase"}, True), (1, set(), True)]
)
def test_too_many_cells_become_fewer_and_lose_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, kept: set[str], mixed: bool
) -> None:
    monkeypatch.setattr(cells, "MOST", most)
    found, path = division(tmp_path, TABLE)
    assert len(found.cells) <= most
    assert found.kinds == kept
    assert found.mixed is mixed, "only years may go without harm to sums"
    assert Counter(numbers(found, path)) == {one.number: one.lines for one in found.cells}
    assert sum(one.lines for one in found.cells) == 6
