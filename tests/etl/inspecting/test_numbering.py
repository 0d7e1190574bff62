from __future__ import annotations

from collections.abc import Sequence

import pytest

from openspending.etl.inspecting.region import Region, find_regions
from openspending.etl.inspecting.seen import grid_of

HEADER = ["Code", "Department", "Plan", "Actual"]
ROWS = [[f"{n}10", f"Dept {n}", f"{n * 17}00.50", f"{n * 13}0.25"] for n in range(1, 9)]


def only(rows: Sequence[Sequence[str]]) -> Region:
    (region,) = find_regions(grid_of(rows))
    return region


@pytest.mark.parametrize(
    "numbering",
    [
        ["1", "2", "3", "4"],
        ["(1)", "(2)", "(3)", "(4)"],
        ["1", "2", "3", "4=3/2"],
        ["A", "B", "C", "D"],
        ["а", "б", "в", "г"],
        ["A", "B", "1", "2"],
    ],
)
def test_a_row_that_numbers_the_columns_is_none(numbering: list[str]) -> None:
    region = only([HEADER, numbering, *ROWS])
    assert region.dialect() == {"headerRows": [1], "commentRows": [2]}
    assert region.header == tuple(HEADER)


def test_letters_where_there_are_no_figures_are_a_row() -> None:
    rows = [["Group", "Kind", "Part"], ["A", "B", "C"], ["A", "D", "C"], ["B", "B", "E"], ["A", "D", "C"]]
    assert only(rows).skipped == ()


@pytest.mark.parametrize("labels", [["1", "2", "3", "4"], ["201911", "201912", "202001", "202002"]])
def test_months_in_numbers_are_labels(labels: list[str]) -> None:
    rows = [[f"Dept {n}", *(f"{n * 17 + m}{m}0.50" for m in range(4))] for n in range(1, 9)]
    region = only([["Department", *labels], *rows])
    assert region.header == ("Department", *labels)
    assert region.proposal().sure


def test_numbers_that_follow_each_other_may_be_small_amounts() -> None:
    rows = [[f"Dept {n}", str(n), str(n + 1), str(n + 2)] for n in range(1, 9)]
    assert not only(rows).proposal().sure


@pytest.mark.parametrize("total", [["", "", "", "61200.50"], ["", "Total", "61200.00", "4680.25"]])
def test_a_total_above_the_header_is_no_row_of_the_table(total: list[str]) -> None:
    region = only([["Spending of X"], total, HEADER, *ROWS])
    assert region.header_rows == (3,)
    assert region.proposal().sure


def test_rows_like_those_of_the_table_above_labels_are_asked_about() -> None:
    assert not only([*ROWS[:2], HEADER, *ROWS[2:]]).proposal().sure


def test_a_table_of_one_row_has_its_header_above_its_figures() -> None:
    region = only([HEADER, ROWS[0]])
    assert (region.header_rows, region.proposal().sure) == ((1,), True)
