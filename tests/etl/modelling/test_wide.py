"""Years, phases and parts of years in columns."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from openspending.etl.check import Checked
from openspending.etl.modelling.headings import read_heading
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.wide import COLUMNS, ROWS, WideProposal, preview, propose_wide
from openspending.etl.modelling.wide_totals import TotalColumn


def asked(
    labels: Sequence[str], first: int = 1, totals: Sequence[TotalColumn] | None = None, profiles: Sequence[Profile] = ()
) -> WideProposal | None:
    headings = [read_heading(one) for one in labels]
    return propose_wide(labels, headings, dict.fromkeys(range(first, len(labels)), 90), profiles, totals)


def wide(labels: Sequence[str], first: int = 1, totals: Sequence[TotalColumn] | None = None) -> WideProposal:
    found = asked(labels, first, totals)
    assert found is not None
    return found


def values(found: WideProposal) -> list[list[Any]]:
    return [list(one.values()) for one in found.plan.normalize.values()]


def names(found: WideProposal) -> dict[str, str]:
    return {one["name"]: one["type"] for one in found.plan.extra_fields}


def test_years_become_rows_of_whole_numbers() -> None:
    found = wide(["Department", "1993", "1994", "1995"])
    assert (found.proposal.id, found.proposal.best.value, found.proposal.sure) == ("wide", ROWS, True)
    assert names(found) == {"Fiscal year": "integer", "Amount": "number"}
    assert values(found) == [[1993], [1994], [1995]]


def test_fiscal_years_and_an_odd_quarter_are_kept_as_written() -> None:
    found = wide(["Portfolio", "2014-15", "2015-16", "2016-17"])
    assert names(found)["Fiscal year"] == "string"
    assert values(found)[0] == ["2014-15"]
    found = wide(["Account", "1975", "1976", "TQ", "1977"])
    assert names(found)["Fiscal year"] == "string"
    assert values(found) == [["1975"], ["1976"], ["TQ"], ["1977"]]


def test_years_and_phases_become_rows_together() -> None:
    labels = [f"{phase} {year}" for phase in ("Appropriations", "Expenditures") for year in (2015, 2016)]
    found = wide(["Fund", *labels, "Appropriations 2017"])
    assert found.proposal.sure
    assert names(found) == {
        "Fiscal year": "integer",
        "Phase": "string",
        "Phase label": "string",
        "Amount": "number",
    }
    assert values(found)[0] == [2015, "approved", "Appropriations"]
    assert values(found)[3] == [2016, "executed", "Expenditures"]
    assert values(found)[4] == [2017, "approved", "Appropriations"]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (
            ["2014 Actual", "2015 Estimate", "2016 Request"],
            [[2014, "executed"], [2015, "approved"], [2016, "proposed"]],
        ),
        (["Ansatz 2017", "Ansatz 2016", "Ist 2015"], [[2017, "approved"], [2016, "approved"], [2015, "executed"]]),
        (["2015年决算数", "2016年预算数"], [[2015, "executed"], [2016, "approved"]]),
        (["Skutečnost 2015", "Rozpočet 2016 schválený"], [[2015, "executed"], [2016, "approved"]]),
        (
            ["Actuals 2014-2015", "Budget Estimates 2015-2016", "Revised Estimates 2015-2016"],
            [["2014-2015", "executed"], ["2015-2016", "approved"], ["2015-2016", "adjusted"]],
        ),
    ],
)
def test_budgets_of_several_years_become_rows(labels: list[str], expected: list[list[Any]]) -> None:
    found = wide(["Item", *labels])
    assert found.proposal.sure
    assert [one[:2] for one in values(found)] == expected


def test_numbers_that_count_the_columns_are_no_part_of_their_names() -> None:
    found = wide(["Razdjel", "Plan\n 2016 \n1 HRK", "Plan\n 2017 \n2 HRK", "Plan\n 2018 \n3 HRK"])
    assert values(found) == [[2016], [2017], [2018]]
    assert found.proposal.sure


def test_two_words_for_one_phase_are_kept_apart() -> None:
    found = wide(["Ramo", "Devengado 2015", "Pagado 2015", "Devengado 2016", "Pagado 2016"])
    assert values(found)[:2] == [[2015, "Devengado"], [2015, "Pagado"]]


@pytest.mark.parametrize(
    "labels",
    [
        ["Aprobado", "Modificado", "Devengado", "Pagado"],
        ["Dotação Inicial", "Dotação Atualizada", "Empenhado", "Liquidado", "Pago"],
        ["Plan", "Plan po zmianach", "Wykonanie"],
        ["Monto aprobado", "Pagado"],
        ["Budget 2016", "Actual 2016"],
    ],
)
def test_phases_of_one_year_stay_measures_unless_rows_are_wanted(labels: list[str]) -> None:
    found = wide(["Ramo", *labels])
    assert (found.proposal.best.value, found.proposal.sure) == (COLUMNS, True)
    assert found.proposal.choices[1].value == ROWS
    assert len(found.plan.normalize) == len(labels)


def test_the_one_year_of_all_columns_is_kept_as_a_constant() -> None:
    found = wide(["Item", "Budget 2016", "Actual 2016"])
    year = {"name": "Fiscal year", "type": "integer", "columnType": "date:fiscal-year", "constant": 2016}
    assert found.proposal.best.effect == {"extraFields": [year]}
    assert year in found.plan.extra_fields
    assert "extraFields" not in wide(["Año", "Aprobado 2016", "Pagado 2016"]).proposal.best.effect


@pytest.mark.parametrize(
    ("labels", "name", "kind", "expected"),
    [
        (["Q1", "Q2", "Q3", "Q4"], "Quarter", "string", ["Q1"]),
        (["Enero", "Febrero", "Marzo"], "Month", "integer", [1]),
        (["1月", "2月", "3月"], "Month", "integer", [1]),
        (["P01", "P02", "P13"], "Period", "string", ["P01"]),
        (["1. Halbjahr", "2. Halbjahr"], "Half-year", "string", ["1. Halbjahr"]),
    ],
)
def test_parts_of_a_year_become_rows(labels: list[str], name: str, kind: str, expected: list[Any]) -> None:
    found = wide(["Fiscal year", *labels])
    assert found.proposal.sure
    assert names(found)[name] == kind
    assert values(found)[0] == expected


@pytest.mark.parametrize("labels", [["Jan", "Jan-Feb", "Jan-Mar"], ["Q1", "Q2", "H1"], ["30.06.2016", "31.12.2016"]])
def test_parts_that_may_hold_each_other_are_asked_about(labels: list[str]) -> None:
    assert not wide(["Item", *labels]).proposal.sure


def test_directions_in_columns_become_a_column() -> None:
    found = wide(["Item", "Revenue 2015", "Revenue 2016", "Expenditure 2015", "Expenditure 2016"])
    assert names(found)["Direction"] == "string"
    assert values(found)[0] == [2015, "revenue"]


def test_other_names_beside_years_are_asked_about() -> None:
    found = wide(["Org", "Wages 2015", "Wages 2016", "Goods 2015", "Goods 2016"])
    assert not found.proposal.sure
    assert values(found)[0] == [2015, "Wages"]


def test_columns_of_which_not_all_say_their_phase_are_asked_about() -> None:
    found = wide(["Kapitel", "2017", "2016", "Ist 2015"])
    assert not found.proposal.sure


def test_a_total_beside_years_is_left_out_when_it_is_their_sum() -> None:
    labels = ["Department", "2014", "2015", "2016", "Total"]
    found = wide(labels, totals=[TotalColumn(4, (1, 2, 3), 10, 0, rounded=False)])
    assert found.proposal.sure
    assert found.plan.left_out == ("Total",)
    assert "Total" not in found.plan.normalize
    assert found.proposal.best.effect["notAmounts"] == ["Total"]


@pytest.mark.parametrize("totals", [None, []])
def test_a_total_that_nobody_proved_is_asked_about(totals: list[TotalColumn] | None) -> None:
    assert not wide(["Department", "2014", "2015", "Total"], totals=totals).proposal.sure


def test_other_amounts_beside_years_are_asked_about() -> None:
    assert not wide(["Department", "2014", "2015", "Grants received"]).proposal.sure


def test_totals_of_each_year_are_left_out() -> None:
    sums = [TotalColumn(5, (1, 3), 9, 0, rounded=False), TotalColumn(6, (2, 4), 9, 0, rounded=False)]
    labels = ["Org", "Wages 2015", "Wages 2016", "Goods 2015", "Goods 2016", "Total 2015", "Total 2016"]
    assert wide(labels, totals=sums).plan.left_out == ("Total 2015", "Total 2016")


def test_a_year_is_left_out_beside_its_quarters() -> None:
    sums = [TotalColumn(1, (2, 3, 4, 5), 9, 0, rounded=False)]
    found = wide(["Item", "2016", *(f"Q{one} 2016" for one in range(1, 5))], totals=sums)
    assert found.plan.left_out == ("2016",)
    assert found.proposal.sure


def test_parts_of_parts_are_never_rows_of_one_amount() -> None:
    sums = [TotalColumn(1, (2, 3), 37, 0, rounded=False), TotalColumn(2, (4, 5), 37, 0, rounded=False)]
    found = wide(["province", "total_yi", "new_yi", "refi_yi", "new_general_yi", "new_special_yi"], totals=sums)
    assert [one.value for one in found.proposal.choices] == [COLUMNS]
    assert "new_yi = new_general_yi + new_special_yi" in found.proposal.best.reason


@pytest.mark.parametrize(
    "labels",
    [
        ["Total Project Cost", "EU Funds Awarded"],
        ["Amount 2015", "Population 2015"],
        ["Amount"],
        ["Amount 2015"],
        ["Natura 2000 payments", "Other payments"],
        ["Lat", "Lon"],
    ],
)
def test_ordinary_columns_are_not_wide(labels: list[str]) -> None:
    assert asked(["Item", *labels]) is None


def test_new_columns_never_have_the_name_of_another() -> None:
    found = wide(["Fiscal year", "year", "AMOUNT", "Value", "2014", "2015"], first=4)
    assert names(found) == {"Budget year": "integer", "Unpivoted amount": "number"}


def test_an_empty_year_goes_with_the_others() -> None:
    empty = Profile(3, "2016", 10, 0, 0, (), (), 0, 0)
    headings = [read_heading(one) for one in ("Item", "2014", "2015", "2016")]
    found = propose_wide([one.label for one in headings], headings, {1: 95, 2: True, 3: 0}, [empty])
    assert found is not None
    assert values(found) == [[2014], [2015], [2016]]


def test_the_preview_shows_the_rows_to_come() -> None:
    labels = ["Item", "2014", "2015", "Total"]
    found = wide(labels, totals=[TotalColumn(3, (1, 2), 9, 0, rounded=False)])
    rows = preview(found.plan, labels, [["Roads", "1.5", " ", "1.5"], ["Schools", "2", "3", "5"]], limit=3)
    assert rows == [
        {"Item": "Roads", "Fiscal year": 2014, "Amount": "1.5"},
        {"Item": "Schools", "Fiscal year": 2014, "Amount": "2"},
        {"Item": "Schools", "Fiscal year": 2015, "Amount": "3"},
    ]


def test_what_is_proposed_is_a_package_without_a_fault(tmp_path: Path, checked: Callable[[Path], Checked]) -> None:
    labels = ["Function", "Appropriations 2015", "Expenditures 2015", "Appropriations 2016", "Expenditures 2016"]
    with (tmp_path / "budget.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([labels, ["01", "1", "2", "3", "4"], ["02", "5", "", "7", "8.5"]])
    effect = wide(labels).plan.effect()
    fields = [{"name": "Function", "type": "string", "columnType": "functional-classification:generic:level1:code"}]
    fields += [{"name": one, "type": "number", "currency": "USD", **effect["fields"][one]} for one in labels[1:]]
    schema = {"fields": fields, "extraFields": effect["extraFields"]}
    descriptor = {"name": "test", "resources": [{"name": "budget", "path": "budget.csv", "schema": schema}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    found = checked(tmp_path)
    assert [one.code for one in found.report if one.severity == "error"] == []
    assert not [one.code for one in found.report if one.code.startswith("fiscal/normalize")]
