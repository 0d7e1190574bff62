"""Years, phases and funds in columns become rows of one amount, as it is decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.etl.importing.files import amount, asked, decided, fields, inspected, wide

BOTH = "Programme code,Programme,2024 approved,2024 executed,2025 approved,2025 executed\n" + "".join(
    f"P{at + 11:03},Programme of {chr(65 + at)} works,"
    + ",".join(str(amount(at + shift)) for shift in (1, 301, 601, 901))
    + "\n"
    for at in range(20)
)


def test_columns_of_years_become_rows_with_a_fiscal_year(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"plan.csv": wide([2023, 2024])})

    assert asked(found) == []
    assert decided(found)["wide"] == ("rows", "proposal")
    made = fields(found)
    assert [made[year]["normalize"] for year in ("2023", "2024")] == [{"Fiscal year": 2023}, {"Fiscal year": 2024}]
    assert made["Fiscal year"]["columnType"] == "date:fiscal-year"
    assert made["Amount"] == {"name": "Amount", "type": "number", "columnType": "value", "normalizationTarget": True}


def test_columns_of_years_and_phases_become_rows_with_both(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"plan.csv": BOTH})

    assert asked(found) == []
    made = fields(found)
    assert made["2025 executed"]["normalize"] == {"Fiscal year": 2025, "Phase": "executed"}
    assert made["Phase"]["columnType"] == "phase:id"


def test_a_person_may_keep_the_columns(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"plan.csv": wide([2023, 2024])}, {"wide": "columns"})

    assert [fields(found)[year]["columnType"] for year in ("2023", "2024")] == ["value", "value"]
    assert "Fiscal year" not in fields(found)


@pytest.mark.parametrize("label", ["Total", "Sum 2023-2024"])
def test_a_column_of_totals_is_not_counted_again(tmp_path: Path, label: str) -> None:
    rows = wide([2023, 2024]).splitlines()
    totals = [label, *(str(amount(at + 2023) + amount(at + 2024)) for at in range(20))]
    found = inspected(
        tmp_path, {"plan.csv": "\n".join(f"{row},{total}" for row, total in zip(rows, totals, strict=True))}
    )

    assert asked(found) == []
    assert "columnType" not in fields(found)[label]
    assert "normalize" not in fields(found)[label]
