from __future__ import annotations

from collections.abc import Sequence

import pytest

from openspending.etl.inspecting.region import Region, find_regions
from openspending.etl.inspecting.seen import grid_of

HEADER = ["Code", "Department", "Amount", "Date"]
ROWS = [[f"0{n}", f"Department of {name}", f"{n}00.50", f"2014-01-0{n}"] for n, name in enumerate("KLMNOPQR", start=1)]


def only(rows: Sequence[Sequence[str]]) -> Region:
    (region,) = find_regions(grid_of(rows))
    return region


def test_cells_to_the_right_of_the_header_are_columns_without_label() -> None:
    region = only([HEADER, *ROWS, ["09", "Fire", "5", "2014-01-09", "", "Contra", "", ""]])
    assert region.header == ("Code", "Department", "Amount", "Date", "column 5", "column 6")
    assert region.labels == tuple(HEADER)
    assert region.proposal().sure


def test_blank_cells_to_the_right_are_no_columns() -> None:
    region = only([HEADER, *ROWS, [*ROWS[0], "", "", ""]])
    assert region.header == tuple(HEADER)
    assert region.proposal().sure


def test_a_separator_at_the_end_of_each_row_makes_no_column() -> None:
    region = only([HEADER, *([*row, ""] for row in ROWS)])
    assert region.header == tuple(HEADER)
    assert region.proposal().sure


@pytest.mark.parametrize(
    "row",
    [
        ["09", "Parks", " Gardens", "700", "2014-01-09"],  # a text with a separator in it
        ["09", "Department of K", "1", "234.50", "2014-01-09"],  # a number with one
        ["09", "Department of K", "700", "2014-01-09", "300"],  # who knows what that is
        ["09", "Department of K", "1", "234.50", ""],  # a number with one, and no date
        ["09", "Parks", " Gardens", "700", ""],
    ],
)
def test_rows_with_moved_cells_are_asked_about_and_make_no_columns(row: list[str]) -> None:
    region = only([HEADER, *ROWS, row])
    assert region.header == tuple(HEADER)
    assert not region.proposal().sure
    assert "cells of a row (row 10) seem to stand in the wrong columns" in region.reason


def test_a_name_may_be_cut_in_two_although_all_figures_are_in_their_columns() -> None:
    header, rows = ["Code", "Amount", "Name"], [[f"0{n}", f"{n}00.5", f"Name {n}"] for n in range(1, 9)]
    assert not only([header, *rows, ["09", "5.5", "Smith", " Sons"]]).proposal().sure
    assert not only([header, *rows, ["09", "1", "500", "Smith"]]).proposal().sure
    assert only([header, *rows, ["09", "5.5", "Smith", "", "Contra"]]).proposal().sure


def test_where_most_rows_go_on_nobody_knows_which_column_has_no_label() -> None:
    region = only([["Department", "Amount", "Remark"], *([f"{n}", "Schools", f"{n}00.5", "paid"] for n in range(1, 9))])
    assert region.header == ("Department", "Amount", "Remark")
    assert not region.proposal().sure


def test_rows_below_the_table_may_go_on_further() -> None:
    region = only([HEADER, *ROWS, [], ["Note: rounded", "", "", "", "", "see annex"]])
    assert len(region.header) == 6
    assert region.last_row == 9


def test_rows_far_down_are_seen_too() -> None:
    many = [[f"{n:05}", f"Department of {n}", f"{n}00.50", "2014-01-01"] for n in range(9000)]
    longer = ["09", "Fire", "5", "2014-01-09", "Contra"]
    moved = ["09", "Parks", " Gardens", "700", "2014-01-09"]
    assert len(only([HEADER, *many[:5000], longer, *many[5000:]]).header) == 5
    assert len(only([HEADER, longer, *many[:5000], moved, *many[5000:]]).header) == 4
    ended = [[*row, ""] for row in many]
    assert len(only([HEADER, *ended[:5000], longer, *ended[5000:]]).header) == 5


PADDED = ["Code", "Amount", "Item", "Note", "Remark"]


@pytest.mark.parametrize("every", [1, 4, 7])
def test_a_number_in_two_cells_is_asked_about_though_the_rows_are_padded(every: int) -> None:
    items = ["Salaries", "Goods", "Transfers"]
    rows = [
        [f"1{n:02}", *([f"{n}", f"{n * 37 % 1000:03}"] if n % every == 0 else [f"{n}9"]), items[n % 3]]
        for n in range(1, 40)
    ]
    region = only([PADDED, *([*row, *[""] * (5 - len(row))] for row in rows)])
    assert not region.proposal().sure


def test_codes_of_three_digits_beside_small_numbers_are_in_their_columns() -> None:
    rows = [[f"1{n:02}", f"{n}", ["010", "020", "030"][n % 3], "Goods", ""] for n in range(1, 40)]
    assert only([PADDED, *rows]).proposal().sure
    mixed = [[f"1{n:02}", f"{n}", "500" if n % 5 == 0 else "A10", "Goods", ""] for n in range(1, 40)]
    assert only([PADDED, *mixed]).proposal().sure
