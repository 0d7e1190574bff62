"""The next file beside those that were decided about: the same, renamed, new, gone, one more year."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from openspending.etl.importing.precedent import precedent_of
from openspending.etl.importing.prepared import Prepared
from tests.etl.importing.files import amount, asked, decided, fields, inspected, lines, means, wide

pytestmark = pytest.mark.slow

RENAMED = "Year,Ministry code,Ministry,Amount in EUR"
FILES = {"2025.csv": lines(2025)}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """What the dataset has."""
    found = inspected(tmp_path_factory.mktemp("first"), FILES)
    assert asked(found) == []
    return found


def rules(found: Prepared) -> list[object]:
    """The rules on rows of the first table."""
    return list(found.descriptor["resources"][0].get("leaveOut", []))


def following(
    folder: Path, first: Mapping[str, str], second: Mapping[str, str], given: Mapping[str, str] | None = None
) -> Prepared:
    """The second file where the dataset has the first."""
    before = inspected(folder / "first", first)
    assert asked(before) == []
    return after(folder, before, second, given)


def after(
    folder: Path, before: Prepared, second: Mapping[str, str], given: Mapping[str, str] | None = None
) -> Prepared:
    """The files where the dataset has what was prepared before."""
    return inspected(folder / "after", second, given, precedent_of(before.descriptor, "dataset"))


def phases(years: list[int]) -> str:
    """Two amounts for each year."""
    rows = ["Programme code,Programme," + ",".join(f"{year} approved,{year} executed" for year in years)]
    for number in range(20):
        amounts = ",".join(f"{amount(number + year)},{amount(number + year + 300)}" for year in years)
        rows.append(f"P{number + 11:03},Programme of {chr(65 + number)} works,{amounts}")
    return "\n".join(rows) + "\n"


def test_the_same_headers_ask_for_no_decision_and_keep_every_meaning(tmp_path: Path, first: Prepared) -> None:
    found = after(tmp_path, first, {"2026.csv": lines(2026)})

    (drift,) = found.drift
    assert (asked(found), drift.state, drift.new, drift.gone) == ([], "same", (), ())
    assert fields(found) == fields(first)
    assert {one.by for one in found.tables[0].columns} == {"dataset"}


def test_the_order_and_the_case_of_the_columns_may_change(tmp_path: Path, first: Prepared) -> None:
    turned = "\n".join(",".join(reversed(row.split(","))) for row in lines(2026, header=RENAMED).splitlines())
    turned = turned.replace("Amount in EUR,Ministry,", "AMOUNT (EUR),ministry,")
    found = after(tmp_path, first, {"2026.csv": turned})

    assert (asked(found), found.drift[0].state) == ([], "same")
    assert means(found)["AMOUNT (EUR)"] == "value"


def test_a_renamed_column_is_asked_for_with_its_likeliest_new_name(tmp_path: Path, first: Prepared) -> None:
    found = after(tmp_path, first, {"2026.csv": lines(2026, header=RENAMED)})

    (question,) = found.questions
    assert question.id == "renamed:Amount (EUR)"
    assert [one.value for one in question.choices] == ["Amount in EUR", "gone"]
    assert [(one.was, one.now) for one in found.drift[0].renamed] == [("Amount (EUR)", "Amount in EUR")]


def test_the_new_name_is_recorded_so_that_the_third_file_is_asked_for_nothing(tmp_path: Path, first: Prepared) -> None:
    answer = {"renamed:Amount (EUR)": "Amount in EUR"}
    second = after(tmp_path, first, {"2026.csv": lines(2026, header=RENAMED)}, answer)
    third = after(tmp_path / "third", second, {"2027.csv": lines(2027, header=RENAMED)})
    back = after(tmp_path / "back", second, {"2028.csv": lines(2028)})

    assert fields(second)["Amount (EUR)"]["aliases"] == ["Amount in EUR"]
    assert [(asked(one), one.drift[0].state) for one in (second, third, back)] == [
        ([], "changed"),
        ([], "same"),
        ([], "same"),
    ]
    assert fields(third) == fields(second)


def test_a_column_that_meant_something_and_is_gone_is_asked_for(tmp_path: Path, first: Prepared) -> None:
    short = "\n".join(row.split(",", 1)[1] for row in lines(2026).splitlines())
    found = after(tmp_path, first, {"2026.csv": short})
    settled = after(tmp_path / "again", first, {"2026.csv": short}, {"renamed:Year": "gone", "year": "2026"})

    assert asked(found) == ["renamed:Year"]
    assert found.drift[0].gone == ("Year",)
    assert asked(settled) == []
    assert fields(settled)["Fiscal year"]["constant"] == 2026


def test_a_new_column_is_proposed_as_in_a_first_file_and_the_rest_stays(tmp_path: Path, first: Prepared) -> None:
    rows = lines(2026).splitlines()
    more = [f"{row},{'NSEW'[at % 4]}" if at else f"{row},Region" for at, row in enumerate(rows)]
    found = after(tmp_path, first, {"2026.csv": "\n".join(more)})

    assert (found.drift[0].state, found.drift[0].new) == ("changed", ("Region",))
    by = {one.label: one.by for one in found.tables[0].columns}
    assert (by["Region"], by["Ministry"]) == ("proposal", "dataset")


def test_a_rule_on_rows_follows_a_column_to_its_new_name(tmp_path: Path) -> None:
    header = "Year,Code,Ministry,Note,Amount"
    rows = [f"2025,{number:03},Ministry {number},,{amount(number)}" for number in range(1, 13)]
    whole = sum(amount(number) for number in range(1, 13))
    text = "\n".join([header, *rows, f",,Total,,{whole}"]) + "\n"
    other = text.replace("Ministry,Note", "MINISTRY,Note").replace("2025", "2026")
    before = inspected(tmp_path / "first", {"2025.csv": text})
    found = after(tmp_path, before, {"2026.csv": other})

    assert asked(before) == asked(found) == []
    assert [one.count for one in found.left_out if one.what == "total"] == [1]
    assert rules(found) == rules(before) != []
    assert found.opened().package.resources[0].leave_out


def test_a_rule_on_a_column_that_is_gone_is_no_obstacle(tmp_path: Path) -> None:
    before = inspected(tmp_path / "first", FILES)
    before.descriptor["resources"][0]["leaveOut"] = [{"kind": "note", "where": {"Ministry": ["Sum"]}}]
    short = "\n".join(",".join(row.split(",")[:2] + row.split(",")[3:]) for row in lines(2026).splitlines())
    found = after(tmp_path, before, {"2026.csv": short}, {"renamed:Ministry": "gone"})

    assert (asked(found), rules(found), rules(before)) == ([], [], before.descriptor["resources"][0]["leaveOut"])


def test_one_more_year_goes_on_as_the_others_did_and_one_less_is_missed_by_nobody(tmp_path: Path) -> None:
    first = {"plan.csv": wide([2023, 2024])}
    for years in ([2023, 2024, 2025], [2024, 2025]):
        found = following(tmp_path / str(len(years)), first, {"plan.csv": wide(years)})
        assert asked(found) == []
        assert fields(found)["2025"]["normalize"] == {"Fiscal year": 2025}
        assert decided(found)["year:2025"] == ("Fiscal year 2025", "proposal")


def test_one_more_year_of_each_phase_goes_on_too(tmp_path: Path) -> None:
    found = following(tmp_path, {"plan.csv": phases([2023, 2024])}, {"plan.csv": phases([2024, 2025])})

    assert asked(found) == []
    assert fields(found)["2025 executed"]["normalize"] == {"Fiscal year": 2025, "Phase": "executed"}
    assert found.drift[0].new == ("2025 approved", "2025 executed")


def test_amounts_written_otherwise_than_last_year_are_read_as_they_are_written(tmp_path: Path, first: Prepared) -> None:
    rows = lines(2026).splitlines()
    decimal = [";".join([*row.split(",")[:3], row.split(",")[3].replace(".", ",")]) for row in rows]
    found = after(tmp_path, first, {"2026.csv": "\n".join(decimal)})

    assert asked(found) == []
    assert fields(found)["Amount (EUR)"]["decimalChar"] == ","


def test_the_drift_is_told_to_programs(tmp_path: Path, first: Prepared) -> None:
    found = after(tmp_path, first, {"2026.csv": lines(2026, header=RENAMED)}).to_dict()

    (drift,) = found["drift"]
    assert (drift["resource"], drift["state"]) == ("2025", "changed")
    assert drift["renamed"][0]["now"] == "Amount in EUR"


THOUSANDS = "Ministry,Amount in thousand euros\nHealth,1200.50\nEducation,3400.25\nRoads,120.00\n"
MILLIONS = "Ministry,Amount in million euros\nHealth,1.50\nEducation,3.25\nRoads,0.12\n"
NEW_LABEL = {"renamed:Amount in thousand euros": "Amount in million euros"}


def test_a_new_label_that_says_another_unit_is_asked_about_and_followed(tmp_path: Path) -> None:
    before = inspected(tmp_path / "first", {"spend-2025.csv": THOUSANDS})
    second = {"spend-2026.csv": MILLIONS}
    id_ = "column:Amount in million euros:unit"

    (question,) = after(tmp_path, before, second, NEW_LABEL).questions
    assert (question.id, [one.value for one in question.choices]) == (id_, ["1000000", "1000"])
    for unit in ("1000000", "1000"):
        found = after(tmp_path / unit, before, second, {**NEW_LABEL, id_: unit})
        assert (asked(found), fields(found)["Amount in thousand euros"]["factor"]) == ([], int(unit))


def test_a_new_label_of_the_same_unit_is_asked_nothing_more(tmp_path: Path) -> None:
    before = inspected(tmp_path / "first", {"spend-2025.csv": THOUSANDS})
    second = {"spend-2026.csv": THOUSANDS.replace("Amount in thousand euros", "Amounts in thousand euros")}
    answer = {"renamed:Amount in thousand euros": "Amounts in thousand euros"}

    assert asked(after(tmp_path, before, second, answer)) == []


def test_a_banner_that_told_the_unit_and_is_gone_is_missed(tmp_path: Path) -> None:
    table = "Ministry;Amount\nHealth;1.200,50\nEducation;3.400,25\nRoads;120,00\n"
    banner = "Budget, in thousands of euros;\n"
    before = inspected(tmp_path / "first", {"spend-2025.csv": banner + table})

    assert asked(after(tmp_path / "same", before, {"spend-2026.csv": banner + table})) == []
    (question,) = after(tmp_path, before, {"spend-2026.csv": table}).questions
    assert (question.id, [one.value for one in question.choices]) == ("unit", ["1000", "1"])
    found = after(tmp_path / "said", before, {"spend-2026.csv": table}, {"unit": "1"})
    assert (asked(found), fields(found)["Amount"].get("factor", 1)) == ([], 1)
