"""What stands around a table decides about all its amounts; a person may say it without being asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from openspending.etl.importing.answers import WrongAnswer
from openspending.etl.importing.precedent import precedent_of
from openspending.etl.importing.prepared import Prepared
from tests.etl.importing.files import amount, asked, decided, fields, inspected

pytestmark = pytest.mark.slow

LINES = "Ministry,Amount\n" + "".join(f"Ministry {at},{amount(at)}\n" for at in range(12))
BANNER = "Expenditure 2025,\nin thousand EUR,\n\n"
SAID = {"unit": "1000", "currency": "EUR", "direction": "revenue", "phase": "approved", "year": "2025"}


def money(found: Prepared) -> dict[str, str]:
    one = fields(found)["Amount"]
    return {name: str(one[name]) for name in ("factor", "currency", "direction", "phase") if name in one}


def test_lines_above_a_table_say_unit_currency_direction_and_year(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"lines.csv": BANNER + LINES})

    assert asked(found) == []
    assert money(found) == {"factor": "1000", "currency": "EUR", "direction": "expenditure"}
    assert fields(found)["Fiscal year"] == {
        "name": "Fiscal year",
        "type": "integer",
        "columnType": "date:fiscal-year",
        "constant": 2025,
    }


def test_a_person_may_say_all_of_it_without_being_asked(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"lines.csv": LINES}, SAID)

    assert asked(found) == []
    assert money(found) == {"factor": "1000", "currency": "EUR", "direction": "revenue", "phase": "approved"}
    assert fields(found)["Fiscal year"]["constant"] == 2025
    assert {name: decided(found)[name] for name in SAID} == {name: (one, "person") for name, one in SAID.items()}


def test_a_person_is_believed_against_the_banner(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"lines.csv": BANNER + LINES}, {"unit": "1", "direction": "revenue"})

    assert money(found) == {"currency": "EUR", "direction": "revenue"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("unit", "many"),
        ("unit", "0"),
        ("currency", "euros"),
        ("direction", "sideways"),
        ("phase", "later"),
        ("year", "25"),
        ("year", "next"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(WrongAnswer, match=f"“{value}” is no answer to “{name}”"):
        inspected(tmp_path, {"lines.csv": LINES}, {name: value})


def test_units_that_contradict_each_other_are_asked_about(tmp_path: Path) -> None:
    found = inspected(tmp_path, {"lines.csv": "in thousand EUR,\nin million EUR,\n\n" + LINES})

    assert "unit" in asked(found)


def test_a_year_that_a_column_tells_is_no_constant(tmp_path: Path) -> None:
    dated = "\n".join(f"{'Year' if at == 0 else 2024},{row}" for at, row in enumerate(LINES.splitlines()))
    found = inspected(tmp_path, {"lines 2025.csv": dated})

    assert fields(found)["Year"]["columnType"] == "date:fiscal-year"
    assert "Fiscal year" not in fields(found)


def test_the_year_of_the_next_file_is_its_own_and_asked_where_nothing_tells_it(tmp_path: Path) -> None:
    before = inspected(tmp_path / "before", {"lines.csv": BANNER + LINES})
    precedent = precedent_of(before.descriptor, "dataset")
    told = inspected(tmp_path / "told", {"lines.csv": BANNER.replace("2025", "2026") + LINES}, recipe=precedent)
    silent = inspected(tmp_path / "silent", {"lines.csv": LINES}, recipe=precedent)
    said = inspected(tmp_path / "said", {"lines.csv": LINES}, {"year": "2027", "unit": "1000"}, precedent)

    assert (asked(told), asked(silent), asked(said)) == ([], ["unit", "year"], [])
    assert [fields(one)["Fiscal year"]["constant"] for one in (told, said)] == [2026, 2027]
    assert money(said) == money(before)


def test_the_unit_of_the_next_file_is_asked_about_where_it_is_another(tmp_path: Path) -> None:
    before = inspected(tmp_path / "before", {"lines.csv": BANNER + LINES})
    changed = BANNER.replace("thousand", "million").replace("2025", "2026") + LINES
    found = inspected(tmp_path / "after", {"lines.csv": changed}, recipe=precedent_of(before.descriptor, "dataset"))

    assert "unit" in asked(found)
