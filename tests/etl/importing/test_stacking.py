"""Several tables of amounts in one package are added up where their amounts are alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from openspending.etl.importing.prepared import Prepared
from tests.etl.importing.files import amount, asked, fields, inspected

pytestmark = pytest.mark.slow

HEADER = "Year,Ministry,Amount (EUR)"
SPENT = f"{HEADER}\n" + "".join(f"2025,M{at % 5 + 1},{amount(at)}\n" for at in range(20))
TAKEN = f"{HEADER}\n" + "".join(f"2025,M{at % 5 + 1},{amount(at + 100)}\n" for at in range(20))
SOURCED = "Year,Ministry,Source,Amount (EUR)\n" + "".join(
    f"2025,M{at % 5 + 1},Tax {at % 3},{amount(at + 100)}\n" for at in range(20)
)
PHASES = "Year,Ministry,Approved,Executed\n" + "".join(
    f"2025,M{at % 5 + 1},{amount(at + 100)},{amount(at + 300)}\n" for at in range(20)
)


def roles(found: Prepared) -> dict[str, str]:
    return {one.name: one.role for one in found.tables}


def test_what_is_expenditure_in_one_table_and_revenue_in_another_becomes_a_column(tmp_path: Path) -> None:
    files = {"expenditure.csv": SPENT, "revenue.csv": SOURCED}
    found = inspected(tmp_path, files, {"facts": "together"})

    assert asked(found) == []
    assert roles(found) == {"expenditure": "facts", "revenue": "facts"}
    spent, taken = fields(found, 0), fields(found, 1)
    assert [one["Direction"]["constant"] for one in (spent, taken)] == ["expenditure", "revenue"]
    assert all("direction" not in one["Amount (EUR)"] for one in (spent, taken))


def test_a_column_that_only_one_table_has_is_empty_in_the_other(tmp_path: Path) -> None:
    files = {"expenditure.csv": SPENT, "revenue.csv": SOURCED}
    spent = fields(inspected(tmp_path, files, {"facts": "together"}), 0)

    assert spent["Source"]["constant"] is None


def test_tables_with_other_columns_are_asked_about_and_never_added_up_unasked(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"expenditure.csv": SPENT, "revenue.csv": SOURCED})

    (question,) = found.questions
    assert (question.id, [one.value for one in question.choices]) == ("facts", ["together", "expenditure", "revenue"])


def test_tables_whose_amounts_differ_cannot_be_added_up(tmp_path: Path) -> None:
    files = {"expenditure.csv": SPENT, "revenue.csv": PHASES}
    found = inspected(tmp_path, files)
    chosen = inspected(tmp_path, files, {"facts": "revenue"})

    (question,) = found.questions
    assert {one.value for one in question.choices} == {"expenditure", "revenue"}
    assert (asked(chosen), roles(chosen)) == ([], {"expenditure": "apart", "revenue": "facts"})
    assert "columnType" not in fields(chosen, 0)["Amount (EUR)"]


def test_files_with_the_same_columns_are_parts_of_one_table(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"north.csv": SPENT, "south.csv": TAKEN})

    assert asked(found) == []
    assert [(one.files, one.rows) for one in found.tables] == [(("north.csv", "south.csv"), 40)]
