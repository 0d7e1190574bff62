"""What banner lines, notes, and names of sheets and files say about all amounts of a table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openspending.etl.decisions import Proposal
from openspending.etl.modelling.surroundings import read_surroundings


def proposed(texts: list[str], file: str = "data.csv", title: str | None = None) -> dict[str, Proposal]:
    return {one.id: one for one in read_surroundings(texts, file, title).proposals}


@pytest.mark.parametrize(
    ("text", "factor", "currency"),
    [
        ("in thousands of euro", "1000", "EUR"),
        ("(Beträge in Tsd. EUR)", "1000", "EUR"),
        ("単位：千円", "1000", "JPY"),
        ("Kshs. Millions", "1000000", "KES"),
        ("Wydatki budżetu państwa w 2016 r. (w tys. zł)", "1000", "PLN"),
        ("Единица измерения: тыс. руб.", "1000", "RUB"),
        ("Figures in £ million unless otherwise stated", "1000000", "GBP"),
    ],
)
def test_a_banner_says_the_unit_and_the_currency(text: str, factor: str, currency: str) -> None:
    found = proposed([text])
    assert (found["unit"].best.value, found["unit"].sure) == (factor, True)
    assert found["unit"].best.effect == {"factor": Decimal(factor)}
    assert (found["currency"].best.value, found["currency"].sure) == (currency, True)


@pytest.mark.parametrize(
    ("file", "kind", "value"),
    [
        ("Partidas Gastos PresupuestoConsolidado.csv", "direction", "expenditure"),
        ("Partidas Ingresos PresupuestoConsolidado.csv", "direction", "revenue"),
        ("budget_2016_revised.xlsx", "phase", "adjusted"),
        ("budget_2016_revised.xlsx", "year", "2016"),
        ("2016当初予算.csv", "phase", "approved"),
        ("pef_ac01_2018.csv.gz", "year", "2018"),
        ("folder\\Ley de Ingresos 2016.xls", "year", "2016"),
    ],
)
def test_a_file_name_says_direction_phase_and_year(file: str, kind: str, value: str) -> None:
    assert proposed([], file)[kind].best.value == value


def test_a_file_of_one_period_says_which() -> None:
    assert read_surroundings([], "2013-P01.csv").period == "P01"
    assert read_surroundings([], "2013-P01.csv").value("year") == 2013


def test_a_unit_that_contradicts_itself_has_to_be_asked_for() -> None:
    unit = proposed(["in thousands", "(in millions)"])["unit"]
    assert unit.blocking
    assert not unit.sure
    assert {one.value for one in unit.choices} == {"1000", "1000000"}


def test_a_header_and_a_banner_may_contradict_each_other() -> None:
    found = read_surroundings(["(in millions)"], "data.csv", labels=["Amount ($000)"])
    assert not next(one for one in found.proposals if one.id == "unit").sure


def test_a_unit_that_may_mean_two_things_has_to_be_asked_for() -> None:
    assert not proposed(["mil €"])["unit"].sure


def test_absent_evidence_is_no_question() -> None:
    assert proposed(["List of operations", "Page 1"]) == {}


def test_a_dollar_is_told_by_the_country_that_is_named() -> None:
    assert proposed(["Amounts in $", "Commonwealth of Australia"])["currency"].choices[1].value == "AUD"
    assert proposed(["Miles de pesos"], title="México")["currency"].choices[1].value == "MXN"


def test_what_is_not_sure_and_need_not_be_said_is_left_unknown() -> None:
    for texts in (["Amounts in $"], ["Budget"], ["Republic of Kenya"]):
        for one in proposed(texts).values():
            assert (one.best.value, one.blocking, dict(one.best.effect)) == ("unknown", False, {})


def test_the_date_of_a_list_is_not_taken_for_the_year_of_its_amounts() -> None:
    assert proposed(["Περίοδος μέχρι 15/06/2015"])["year"].best.value == "unknown"


def test_our_own_name_in_a_file_name_is_no_spending() -> None:
    assert "direction" not in proposed([], "Export for OpenSpending.xlsx")


def test_a_threshold_in_a_title_is_no_unit() -> None:
    assert "unit" not in proposed(["Spend over £25,000"], title="Payments over £1000")
