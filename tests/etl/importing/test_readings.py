"""How files are read: a recipe's word goes before what a file shows, a dataset's only settles what it leaves open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openspending.etl.importing.precedent import Precedent, precedent_of
from openspending.importing import Wish, inspect_files
from tests.etl.importing.files import amount, asked, decided, inspected, lines, workbook, write

pytestmark = pytest.mark.slow

FIELDS = [
    {"name": "Year", "type": "integer", "columnType": "date:fiscal-year"},
    {"name": "Ministry code", "type": "string"},
    {"name": "Ministry", "type": "string", "columnType": "administrative-classification:generic:label"},
    {"name": "Amount (EUR)", "type": "number", "columnType": "value"},
]


def recipe(by: str = "recipe", **resource: Any) -> Precedent:
    return precedent_of({"resources": [{"name": "lines", "schema": {"fields": FIELDS}, **resource}]}, by)


def rows(year: int = 2025) -> list[list[str]]:
    return [row.split(",") for row in lines(year).splitlines()]


def two_sheets(folder: Path) -> Path:
    """Two sheets that are alike."""
    sheets: dict[str, list[list[Any]]] = {}
    for name in ("North", "South"):
        sheets[name] = [list(rows()[0]), *([2025, "010", name, amount(at)] for at in range(12))]
    return workbook(folder / "book.xlsx", sheets)


def test_the_encoding_that_a_recipe_names_is_taken_where_the_bytes_allow_it(tmp_path: Path) -> None:
    text = lines(2025).replace("Health", "Santé").encode("latin-1")
    found = inspected(tmp_path, {"lines.csv": text}, recipe=recipe(encoding="ISO-8859-1"))

    assert asked(found) == []
    assert found.tables[0].encoding in {"windows-1252", "iso-8859-1", "latin-1", "ISO-8859-1"}


def test_the_header_that_a_recipe_names_is_taken(tmp_path: Path) -> None:
    text = "a,b,c,d\n" + lines(2025)
    found = inspected(tmp_path, {"lines.csv": text}, recipe=recipe(dialect={"headerRows": [2]}))

    assert (asked(found), found.tables[0].header_rows, found.tables[0].rows) == ([], (2,), 24)


def test_rows_that_a_recipe_names_and_the_file_has_not_are_no_obstacle(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"lines.csv": lines(2025)}, recipe=recipe(dialect={"headerRows": [99]}))

    assert (asked(found), found.tables[0].header_rows) == ([], (1,))


def test_a_file_without_a_header_has_the_names_that_a_recipe_gives(tmp_path: Path) -> None:
    bare = "\n".join(",".join(row) for row in rows()[1:])
    found = inspected(tmp_path, {"lines.csv": bare}, recipe=recipe(dialect={"header": False}))

    assert (asked(found), found.tables[0].rows) == ([], 24)
    assert [one.label for one in found.tables[0].columns] == [one["name"] for one in FIELDS]
    assert found.tables[0].role == "facts"


@pytest.mark.parametrize("dialect", [{"sheetName": "North"}, {"sheetNumber": 1}])
def test_the_sheet_that_a_recipe_names_is_taken(tmp_path: Path, dialect: dict[str, Any]) -> None:
    path = two_sheets(tmp_path)
    found = inspect_files(Wish((str(path),), recipe=recipe(dialect=dialect)))

    assert [one.sheet for one in found.tables] == ["North"]
    assert [one.sheet for one in found.left_out if one.what == "table"] == ["South"]


def test_which_of_two_sheets_is_meant_is_not_asked_again_by_a_dataset(tmp_path: Path) -> None:
    path = two_sheets(tmp_path)
    found = inspect_files(Wish((str(path),), recipe=recipe("dataset", dialect={"sheetName": "South"})))

    assert [one.sheet for one in found.tables] == ["South"]


def test_a_person_is_believed_against_the_recipe(tmp_path: Path) -> None:
    path = two_sheets(tmp_path)
    wish = Wish((str(path),), recipe(dialect={"sheetName": "North"}), {"table": "book.xlsx › South"})
    found = inspect_files(wish)

    assert [one.sheet for one in found.tables] == ["South"]


def test_a_dataset_does_not_read_the_next_file_otherwise_than_it_is_written(tmp_path: Path) -> None:
    semicolons = "\n".join(";".join(row) for row in rows())
    before = recipe("dataset", dialect={"delimiter": "\t", "headerRows": [4]}, encoding="utf-16")
    found = inspected(tmp_path, {"lines.csv": semicolons}, recipe=before)

    assert (asked(found), found.tables[0].rows) == ([], 24)
    assert decided(found)["delimiter"] == ("semicolon", "proposal")


def test_reading_tells_how_many_bytes_and_rows_it_has_read(tmp_path: Path) -> None:
    files = write(tmp_path, {"2024.csv": lines(2024), "2025.csv": lines(2025)})
    told: list[tuple[int, int, str]] = []
    inspect_files(Wish(files), progress=lambda *one: told.append(one))

    whole = sum(len(lines(year).encode()) for year in (2024, 2025))
    reading = [one for one in told if one[2].startswith("reading ")]
    assert reading[0][1:] == (whole, "reading 2024.csv: 0 rows")
    assert reading[-1] == (whole, whole, "reading 2025.csv: 48 rows")
