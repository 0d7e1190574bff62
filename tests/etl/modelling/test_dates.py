"""Dates are read in the one format that reads all cells; where two do, the question is asked, or the table decides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openspending.etl.modelling.fitting import fits, reading_of
from openspending.etl.modelling.settling import settle_dates
from openspending.etl.modelling.writing import writing
from tests.etl.modelling.columns import engine, profiled, written

FORMATS = (
    "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d", "%d.%m.%y", "%d/%m/%y", "%m/%d/%y",
    "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%Y%m%d", "%Y-%m-%d 00:00:00", "%d/%m/%Y 00:00",
    "%d.%m.%Y.", "%d. %m. %Y", "%Y-%m-%dT00:00:00",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9_000), st.lists(st.integers(0, 700), min_size=2, max_size=40), st.sampled_from(FORMATS))
@pytest.mark.slow
def test_dates_come_back_exactly_or_are_asked_for(start: int, days: list[int], form: str) -> None:
    truth = [date(2000, 1, 1) + timedelta(days=start + day) for day in days]
    cells = [one.strftime(form) for one in truth]
    profile = profiled(cells)
    found = writing(profile)
    assert fits(profile, found.props) == (0, ())
    if found.kind != "date":
        assert form == "%Y%m%d"
        return
    if not all(one.sure for one in found.proposals):
        return
    with engine() as connection:
        gate = reading_of("column", found.props)
        read = connection.execute(
            f"SELECT {gate.value('t')} FROM (SELECT unnest($t) AS t, unnest($n) AS n) ORDER BY n",
            {"t": cells, "n": list(range(len(cells)))},
        ).fetchall()
    assert [value for (value,) in read] == truth


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["2014-01-31", "2014-02-01"], None),
        (["31.12.2015", "1.2.2015"], "%d.%m.%Y"),
        (["16/04/2020", "01/02/2020"], "%d/%m/%Y"),
        (["4/30/2020", "4/1/2020"], "%m/%d/%Y"),
        (["07-SEP-2020", "08-OCT-2020"], "%d-%b-%Y"),
        (["05-Apr-20"], "%d-%b-%y"),
        (["09-Jan-12", "n/a", "-"], "%d-%b-%y"),
        (["31/01/16 ", " 28/02/16"], "%d/%m/%y"),
        (["2014-01-05 00:00:00", "2014-01-06 00:00:00"], "%Y-%m-%d 00:00:00"),
        (["20150103", "20151231"], "%Y%m%d"),
        (["September 5, 2020", "May 15, 2020"], "%B %d, %Y"),
        (["2021年12月10日", "2021年1月5日", "2021年01月05日"], "%Y年%m月%d日"),
        (["2021 年 12 月 10 日", "2021 年 1 月 5 日"], "%Y 年 %m 月 %d 日"),
        (["2021년 12월 10일", "2021년 1월 5일"], "%Y년 %m월 %d일"),
        (["ngày 10 tháng 12 năm 2021", "ngày 5 tháng 1 năm 2022"], "ngày %d tháng %m năm %Y"),
        (["10.12.2021 г.", "31.12.2021 г."], "%d.%m.%Y г."),
    ],
)
def test_formats_are_told_by_the_cells(cells: list[str], form: str | None) -> None:
    profile = profiled(cells)
    found = writing(profile)
    assert (found.kind, found.props["type"], found.props.get("format")) == ("date", "date", form)
    assert found.proposals == ()
    assert fits(profile, found.props) == (0, ())


def test_clocks_that_differ_make_points_in_time() -> None:
    found = written("2014-01-05 10:30:00", "2014-01-06 11:45:10")
    assert (found.props["type"], found.props["format"]) == ("datetime", "%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(("cells", "form"), [(["03/2015", "12/2015"], "%m/%Y"), (["2015-03", "2016-01"], "%Y-%m")])
def test_months_are_read_as_their_first_day(cells: list[str], form: str) -> None:
    found = written(*cells)
    assert (found.kind, found.props["type"], found.props["format"]) == ("month", "date", form)


def test_months_with_words_beside_their_numbers_are_months() -> None:
    assert (written("2021年12月", "2022年1月").kind, written("2021년 12월").props["format"]) == ("month", "%Y년 %m월")


def test_years_and_words_alone_are_no_dates() -> None:
    assert written("2021年度", "2022年度").props["type"] == "string"
    assert written("2021年13月10日", "2021年14月10日").props["type"] == "string"


def test_day_or_month_first_is_asked_when_nothing_decides() -> None:
    found = written("01/02/2020", "03/04/2020", label="Paid")
    (asked,) = found.proposals
    assert (asked.id, asked.sure) == ("column:Paid:writing", False)
    assert [one.effect["format"] for one in asked.choices] == ["%d/%m/%Y", "%m/%d/%Y"]
    assert found.answered({asked.id: "month first"})["format"] == "%m/%d/%Y"


def test_a_header_that_names_the_order_decides_it() -> None:
    found = written("01/02/2020", "03/04/2020", label="Date (mm/dd/yyyy)")
    assert found.props["format"] == "%m/%d/%Y"
    assert all(one.sure for one in found.proposals)


def test_another_date_column_of_the_table_decides_it() -> None:
    open_, decided, number = written("01/02/2020"), written("4/30/2020"), written("12.50")
    settled = settle_dates([open_, decided, number])
    assert settled[0].props["format"] == "%m/%d/%Y"
    assert all(one.sure for one in settled[0].proposals)
    assert settled[1:] == (decided, number)


def test_columns_that_contradict_each_other_decide_nothing() -> None:
    open_, one, two = written("01/02/2020"), written("4/30/2020"), written("30/4/2020")
    assert settle_dates([open_, one, two]) == (open_, one, two)


@pytest.mark.parametrize(
    "cells",
    [
        ["2015-03-04", "04/05/2015", "2016-01-01"],
        ["01/03/16", "01/04/2016", "13/04/2016", "14/05/16"],
        ["12/01/2015", "ongoing", "13/01/2015", "14/01/2015", "15/01/2015", "16/01/2015", "17/01/2015"],
        ["30/02/2015", "28/02/2015", "27/02/2015", "26/02/2015", "25/02/2015", "24/02/2015"],
    ],
)
def test_dates_in_several_forms_stay_text_with_a_note(cells: list[str]) -> None:
    found = written(*cells)
    assert (found.kind, found.props["type"], found.proposals) == ("text", "string", ())
    assert found.notes


def test_months_named_in_other_languages_stay_text() -> None:
    assert written("5 märz 2020", "6 juni 2020").props == {"type": "string"}
