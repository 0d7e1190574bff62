"""What labels of columns say, in real headings of budgets of many countries."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from openspending.etl.modelling.headings import in_context, read_heading


@pytest.mark.parametrize(
    ("label", "year", "fiscal", "base"),
    [
        ("1962", 1962, None, ""),
        ("2014-15", 2014, "2014-15", ""),
        ("2014/2015", 2014, "2014/2015", ""),
        ("FY16-17", 2016, "FY16-17", ""),
        ("FY16", 2016, "FY16", ""),
        ("FY 2016", 2016, None, ""),
        ("X2016", 2016, None, ""),
        ("Appropriations 1993", 1993, None, "Appropriations"),
        ("Plan\n 2016 \n1 HRK", 2016, None, "Plan 1"),
        ("2016. godina", 2016, None, ""),
        ("Rok 2016", 2016, None, ""),
        ("План на 2016 год, тыс. руб.", 2016, None, "План"),
        ("Wykonanie 2015 r.", 2015, None, "Wykonanie"),
        ("2017 Yılı Ödeneği", 2017, None, "Ödeneği"),
        ("תקציב 2016", 2016, None, "תקציב"),
        ("موازنة ٢٠١٦", 2016, None, "موازنة"),
        ("平成25年度決算額", 2013, None, "決算額"),
        ("令和5年度当初予算額（千円）", 2023, None, "当初予算額"),
        ("112年度預算數", 2023, None, "預算數"),
        ("ปีงบประมาณ 2560", 2017, None, ""),
        ("सन् 2073/74", None, "2073/74", "सन्"),
        ("2010 EFY", None, "2010 EFY", ""),
        ("سال ۱۳۹۷", None, "۱۳۹۷", ""),
        ("Budget Estimates 2016-2017", 2016, "2016-2017", "Budget Estimates"),
        ("Financial Year 2013/14 £000", 2013, "2013/14", ""),
    ],
)
def test_years_are_read_as_ministries_write_them(label: str, year: int | None, fiscal: str | None, base: str) -> None:
    heading = read_heading(label)
    assert (heading.year, heading.fiscal_year, heading.base) == (year, fiscal, base)


@pytest.mark.parametrize("label", ["Code 2210", "S121211", "1400", "02.10.2", "Level 1", "12345678", "2.016,00"])
def test_other_numbers_are_no_years(label: str) -> None:
    assert read_heading(label).year is None


@pytest.mark.parametrize(
    ("label", "kind", "number"),
    [
        ("Q1", "quarter", 1),
        ("2016/Q3", "quarter", 3),
        ("4T2015", "quarter", 4),
        ("1er trimestre", "quarter", 1),
        ("II квартал 2016", "quarter", 2),
        ("1. čtvrtletí", "quarter", 1),
        ("一季度", "quarter", 1),
        ("1분기", "quarter", 1),
        ("1st half", "half", 1),
        ("2. Halbjahr", "half", 2),
        ("Jan", "month", 1),
        ("ene", "month", 1),
        ("Décembre 2016", "month", 12),
        ("Сентябрь", "month", 9),
        ("3월", "month", 3),
        ("2016-05", "month", 5),
        ("2016M01", "month", 1),
        ("P07", "period", 7),
        ("Period 3", "period", 3),
        ("TQ", "other", None),
        ("Jan-Mar 2016", "range", None),
        ("1-3月", "range", None),
        ("2014-2020", "years", None),
        ("Actual 31.12.2015", "date", None),
    ],
)
def test_parts_of_years_are_told_by_kind_and_number(label: str, kind: str, number: int | None) -> None:
    period = read_heading(label).period
    assert period is not None
    assert (period.kind, period.number) == (kind, number)


@pytest.mark.parametrize("label", ["Gen Fund", "Budget Out-turn 2015", "Mar Department", "admin1 (code)", "Set aside"])
def test_a_short_word_is_no_month_beside_other_words(label: str) -> None:
    assert read_heading(label).period is None


def test_a_month_with_two_digits_has_a_year() -> None:
    heading = read_heading("Jan-16")
    assert (heading.year, heading.base) == (2016, "")


def test_everything_in_one_label_is_found_and_explained() -> None:
    heading = read_heading("Skutečnost 2014 v tis. Kč")
    assert (heading.year, heading.phase, heading.phase_word) == (2014, "executed", "Skutečnost")
    assert (heading.factor, heading.currency) == (Decimal(1000), "CZK")
    assert (heading.base, heading.stem) == ("Skutečnost", "")
    assert all(one.why and one.written for one in heading.said)


def test_the_dollar_alone_may_be_of_several_countries() -> None:
    heading = read_heading("Amount ($000)")
    assert heading.factor == Decimal(1000)
    assert heading.currency is None
    assert {"USD", "MXN", "AUD"} <= set(heading.currencies)


def test_expenditures_beside_appropriations_are_what_was_spent() -> None:
    alone, *_ = in_context([read_heading("Expenditures 1993"), read_heading("Revenue 1993")])
    assert (alone.phase, alone.direction) == (None, "expenditure")
    beside, _ = in_context([read_heading("Expenditures 1993"), read_heading("Appropriations 1993")])
    assert (beside.phase, beside.phase_word, beside.direction) == ("executed", "Expenditures", "expenditure")


def test_a_budget_beside_actuals_is_the_approved_one() -> None:
    budget, _ = in_context([read_heading("Budget"), read_heading("Actual")])
    word = budget.word("phase")
    assert word is not None
    assert (word.value, word.confidence) == ("approved", 80)


@pytest.mark.parametrize("label", ["", " ", "\n", "—", "()", "***", "\u202e", "a" * 5000, "(" * 3000, "٢" * 3000])
def test_any_text_is_a_label(label: str) -> None:
    assert read_heading(label).label == label


def test_two_thousand_labels_are_read_in_seconds() -> None:
    started = time.monotonic()
    for number in range(2000):
        read_heading(f"Dotação Inicial {number} (R$ mil) 2016")
    assert time.monotonic() - started < 10
