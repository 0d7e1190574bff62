"""Each column of amounts may have its own unit, currency, direction and phase, whatever holds for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openspending.etl.importing.answers import WrongAnswer
from tests.etl.importing.files import amount, asked, decided, fields, inspected

pytestmark = pytest.mark.slow

ROWS = "".join(f"2025,Ministry {at},{amount(at)},{amount(at + 40)}\n" for at in range(12))
TWO = "Year,Ministry,Grants (thousand EUR),Loans\n" + ROWS
GRANTS, LOANS = "Grants (thousand EUR)", "Loans"
MONEY = ("factor", "currency", "direction", "phase")


def money(one: dict[str, Any]) -> dict[str, str]:
    return {name: str(one[name]) for name in MONEY if name in one}


def test_one_column_has_another_unit_and_currency_than_the_others(tmp_path: Path) -> None:
    said = {"currency": "CHF", f"column:{LOANS}:unit": "1000000", f"column:{LOANS}:phase": "executed"}
    found = inspected(tmp_path, {"a.csv": TWO}, {**said, f"column:{LOANS}:currency": "USD", "unit": "100"})

    assert asked(found) == []
    assert money(fields(found)[GRANTS]) == {"factor": "1000", "currency": "EUR"}
    assert money(fields(found)[LOANS]) == {"factor": "1000000", "currency": "USD", "phase": "executed"}
    assert decided(found)[f"column:{LOANS}:unit"] == ("1000000", "person")
    assert "Amounts in “Loans”: times 1,000,000, USD, executed." in found.tables[0].terms


def test_a_person_is_believed_against_the_label_of_a_column(tmp_path: Path) -> None:
    said = {f"column:{GRANTS}:unit": "1", f"column:{GRANTS}:currency": "CHF"}
    found = inspected(tmp_path, {"a.csv": TWO}, said)

    assert money(fields(found)[GRANTS]) == {"currency": "CHF"}


def test_what_each_column_has_is_told_with_its_reason(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"a.csv": TWO}, {f"column:{LOANS}:currency": "USD"})

    told: dict[str, Any] = {one.label: one.to_dict().get("money") for one in found.tables[0].columns}
    assert told["Ministry"] is None
    assert told[GRANTS]["unit"]["value"] == "1000"
    assert "thousand" in told[GRANTS]["unit"]["reason"]
    assert told[LOANS]["currency"] == {"value": "USD", "reason": "said by the person"}


def test_where_columns_become_rows_the_phase_of_one_tells_its_rows_apart(tmp_path: Path) -> None:
    labels = [f"{phase} {year}" for year in (2024, 2025) for phase in ("Approved", "Executed")]
    rows = [f"P{at:03},Programme {at},{','.join(str(amount(at + 40 * one)) for one in range(4))}" for at in range(20)]
    said = {"column:Executed 2025:phase": "adjusted", "column:Executed 2025:unit": "1000"}
    found = fields(inspected(tmp_path, {"a.csv": "\n".join([f"Code,Name,{','.join(labels)}", *rows, ""])}, said))

    assert list(found["Executed 2024"]["normalize"].values()) == [2024, "executed"]
    assert list(found["Executed 2025"]["normalize"].values()) == [2025, "adjusted"]
    assert str(found["Executed 2025"]["factor"]) == "1000"


@pytest.mark.parametrize(("name", "value"), [("unit", "0"), ("currency", "euros"), ("phase", "later")])
def test_what_cannot_be_is_refused_by_its_question(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(WrongAnswer, match=f"“{value}” is no answer to “column:{LOANS}:{name}”"):
        inspected(tmp_path, {"a.csv": TWO}, {f"column:{LOANS}:{name}": value})
