"""What stands around a table is of all its amounts: files of which other things are said are tables of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from openspending.etl.importing.answers import WrongAnswer
from tests.etl.importing.files import amount, asked, fields, inspected

pytestmark = pytest.mark.slow

HEADER = "Year,Ministry,Amount\n"
ROWS = "".join(f"2025,Ministry {at},{amount(at)}\n" for at in range(10))
UNDATED = "Ministry,Amount\n" + "".join(f"Ministry {at},{amount(at)}\n" for at in range(10))


@pytest.mark.parametrize(
    ("names", "made", "values"),
    [
        (("expenditure.csv", "revenue.csv"), "Direction", ["expenditure", "revenue"]),
        (("approved.csv", "executed.csv"), "Phase", ["approved", "executed"]),
        (("lines EUR.csv", "lines USD.csv"), "Currency", ["EUR", "USD"]),
    ],
)
def test_what_the_names_of_files_tell_becomes_a_column(
    tmp_path: Path, names: tuple[str, str], made: str, values: list[str]
) -> None:
    found = inspected(tmp_path, dict.fromkeys(names, HEADER + ROWS))

    assert asked(found) == []
    assert [one.role for one in found.tables] == ["facts", "facts"]
    assert [fields(found, at)[made]["constant"] for at in (0, 1)] == values
    assert found.opened().model.measures


def test_years_that_only_the_names_of_files_tell_are_kept(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"Budget 2025.csv": UNDATED, "Budget 2026.csv": UNDATED})

    assert asked(found) == []
    assert [fields(found, at)["Fiscal year"]["constant"] for at in (0, 1)] == [2025, 2026]


def test_years_in_the_names_of_files_do_not_part_tables_that_have_a_column_of_years(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"Budget 2025.csv": HEADER + ROWS, "Budget 2026.csv": HEADER + ROWS})

    assert len(found.tables) == 1


def test_amounts_in_thousands_and_in_millions_are_never_added_up(tmp_path: Path) -> None:
    files = {
        "north.csv": "in thousand EUR,,\n\n" + HEADER + ROWS,
        "south.csv": "in million EUR,,\n\n" + HEADER + ROWS,
    }
    found = inspected(tmp_path, files)

    (question,) = found.questions
    assert (question.id, {one.value for one in question.choices}) == ("facts", {"north", "south"})
    with pytest.raises(WrongAnswer, match="Their units differ"):
        inspected(tmp_path / "again", files, {"facts": "together"})


def test_what_a_person_says_of_all_amounts_keeps_the_files_together(tmp_path: Path) -> None:
    found = inspected(
        tmp_path, {"north.csv": "in thousand EUR,,\n\n" + HEADER + ROWS, "south.csv": HEADER + ROWS}, {"unit": "1000"}
    )

    assert {str(fields(found, at)["Amount"]["factor"]) for at in range(len(found.tables))} == {"1000"}
