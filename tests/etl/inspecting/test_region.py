from __future__ import annotations

from collections.abc import Sequence

import pytest

from openspending.etl.decisions import SURE
from openspending.etl.inspecting.grid import Span
from openspending.etl.inspecting.region import Region, find_regions
from openspending.etl.inspecting.seen import grid_of

HEADER = ["Code", "Department", "Amount"]
ROWS = [
    ["01", "Schools", "1200.50"],
    ["02", "Roads", "800"],
    ["03", "Parks", "35.10"],
    ["04", "Police", "910"],
    ["05", "Housing", "77"],
]


def regions(rows: Sequence[Sequence[str]], spans: Sequence[Span] = ()) -> list[Region]:
    return find_regions(grid_of(rows, spans))


def only(rows: Sequence[Sequence[str]], spans: Sequence[Span] = ()) -> Region:
    found = regions(rows, spans)
    assert len(found) == 1
    return found[0]


def cuts(region: Region) -> list[tuple[str, int, int]]:
    return [(one.kind, one.first, one.last) for one in region.cut]


def test_a_clean_table_has_its_header_in_row_1_and_nothing_is_cut() -> None:
    region = only([HEADER, *ROWS])
    assert region.dialect() == {"headerRows": [1]}
    assert (region.first_row, region.last_row, region.columns) == (2, 6, (1, 3))
    assert region.header == ("Code", "Department", "Amount")
    assert region.cut == ()
    assert region.proposal().sure


def test_banners_above_the_header_are_cut_and_shown() -> None:
    region = only([["City of X"], ["Budget 2016", "", ""], ["", "", "in thousands"], [], HEADER, *ROWS])
    assert region.header_rows == (5,)
    assert cuts(region) == [("banner", 1, 3)]
    assert region.cut[0].text == "City of X | Budget 2016 | in thousands"


def test_a_unit_right_above_the_last_column_is_no_part_of_the_header() -> None:
    assert only([["Budget", "", ""], ["", "", "EUR 1000"], HEADER, *ROWS]).header_rows == (3,)


def test_years_are_labels_although_they_are_numbers() -> None:
    rows = [
        ["Programme", "2014", "2015", "2016"],
        *([f"P{n}", f"{n}50000", f"{n}7000", f"{n}100"] for n in range(1, 6)),
    ]
    assert only(rows).header_rows == (1,)


def test_dates_are_labels_above_amounts() -> None:
    rows = [["Item", "2016-01-01", "2016-02-01"], *([f"Item {n}", f"{n}5.5", f"{n}7"] for n in range(1, 6))]
    assert only(rows).header_rows == (1,)


def test_a_column_of_years_is_data() -> None:
    region = only([["Year", "Amount"], ["2014", "5"], ["2015", "7"], ["2016", "9"]])
    assert (region.header_rows, region.first_row) == ((1,), 2)


def test_two_header_rows_with_merged_cells_are_joined() -> None:
    rows = [
        ["Code", "Department", "Expenditure", "", "Revenue", ""],
        ["", "", "Plan", "Actual", "Plan", "Actual"],
        *([f"0{n}", f"Dept {n}", f"{n}00", f"{n}50", f"{n}1", f"{n}2"] for n in range(1, 6)),
    ]
    region = only(rows, [Span(1, 2, 3), Span(1, 4, 5)])
    assert region.dialect() == {"headerRows": [1, 2], "headerFill": True}
    assert region.header[2:] == ("Expenditure Plan", "Expenditure Actual", "Revenue Plan", "Revenue Actual")


def test_two_header_rows_are_seen_without_merged_cells_too() -> None:
    rows = [
        ["Budget of the city of X", "", "", ""],
        ["", "2015", "", "2016", ""],
        ["Department", "Plan", "Actual", "Plan", "Actual"],
        *([f"Dept {n}", f"{n}000", f"{n}50", f"{n}10", f"{n}20"] for n in range(1, 6)),
    ]
    region = only(rows)
    assert region.header_rows == (2, 3)
    assert region.header_fill
    assert region.header[1:] == ("2015 Plan", "2015 Actual", "2016 Plan", "2016 Actual")


def test_units_under_the_labels_of_figures_belong_to_the_header() -> None:
    rows = [
        ["", "", "Plan 2016", "Plan 2017"],
        ["Code", "Name", "HRK", "HRK"],
        *([f"0{n}", f"N{n}", f"{n}00", f"{n}5"] for n in range(5)),
    ]
    region = only(rows)
    assert region.header == ("Code", "Name", "Plan 2016 HRK", "Plan 2017 HRK")


def test_a_title_over_the_whole_width_is_no_header() -> None:
    region = only([["Spending 2015", "", ""], HEADER, *ROWS], [Span(1, 0, 2)])
    assert region.header_rows == (2,)
    assert cuts(region) == [("banner", 1, 1)]


def test_a_row_that_numbers_the_columns_is_skipped() -> None:
    region = only([HEADER, ["1", "2", "3"], *ROWS])
    assert region.dialect() == {"headerRows": [1], "commentRows": [2]}
    assert ("column numbers", 2, 2) in cuts(region)
    assert region.first_row == 3


def test_headings_between_header_and_first_figures_stay_rows() -> None:
    region = only([HEADER, ["Priority 1: Education", "", ""], ["", "Aim 1.1", ""], *ROWS])
    assert (region.header_rows, region.first_row) == ((1,), 2)


def test_rows_without_figures_after_the_header_are_not_taken_for_it() -> None:
    rows = [HEADER, ["01", "Schools", "nfp"], ["02", "Schools", "nfp"], *ROWS, ["06", "Schools", "nfp"]]
    assert only(rows).header_rows == (1,)


def test_notes_below_are_cut_by_a_rule_of_content() -> None:
    region = only([HEADER, *ROWS, [], ["Source: Ministry of Finance", "", ""], ["* provisional", "", ""]])
    assert region.last_row == 6
    assert cuts(region) == [("note", 8, 9)]
    assert region.leave_out[0]["empty"] == ["Department", "Amount"]
    assert region.leave_out[0]["kind"] == "note"


def test_notes_are_cut_by_their_rows_where_headings_look_the_same() -> None:
    region = only([HEADER, ["Education", "", ""], *ROWS, [], ["Source: Ministry", "", ""]])
    assert region.leave_out[0]["rows"] == [[9, 9]]
    assert "empty" not in region.leave_out[0]


def test_a_note_that_commas_split_is_a_note() -> None:
    region = only([HEADER, *ROWS, [], ["Note: figures", " rounded", ""]])
    assert cuts(region) == [("note", 8, 8)]


def test_the_last_total_is_no_note() -> None:
    region = only([HEADER, *ROWS, ["", "", "3022.60"]])
    assert region.last_row == 7
    assert region.cut == ()


def test_the_header_repeated_on_every_page_is_left_out_by_its_texts() -> None:
    region = only([HEADER, *ROWS, HEADER, *ROWS, HEADER, *ROWS])
    assert [one for one in cuts(region) if one[0] == "repeated header"] == [
        ("repeated header", 7, 7),
        ("repeated header", 13, 13),
    ]
    assert region.leave_out[0]["where"] == {"Code": ["Code"], "Department": ["Department"], "Amount": ["Amount"]}


def test_a_second_table_below_is_another_region() -> None:
    first, second = regions(
        [HEADER, *ROWS, [], ["Revenue"], ["Source", "Tax"], ["Income", "500"], ["Land", "70"], ["Fees", "3"]]
    )
    assert (first.header_rows, first.last_row) == ((1,), 6)
    assert ("other table", 8, 12) in cuts(first)
    assert {"rows": [[8, 12]]}.items() <= first.leave_out[0].items()
    assert (second.header_rows, second.first_row, second.last_row) == ((9,), 10, 12)


def test_blank_rows_inside_do_not_end_a_table() -> None:
    region = only([HEADER, *ROWS[:2], [], ROWS[2], [], [], *ROWS[3:]])
    assert region.last_row == 9


def test_blank_columns_before_and_after_are_named() -> None:
    region = only([["", *HEADER, ""], *(["", *row, ""] for row in ROWS)])
    assert region.columns == (2, 4)
    assert cuts(region) == [("empty column", 1, 1), ("empty column", 5, 5)]
    assert region.header == ("column 1", "Code", "Department", "Amount", "column 5")


def test_a_table_without_header_is_asked_about() -> None:
    region = only(ROWS)
    assert region.dialect() == {"header": False}
    assert region.header == ("column 1", "column 2", "column 3")
    assert not region.proposal().sure
    assert region.proposal().choices[1].effect == {"headerRows": [1]}


def test_a_list_of_codes_has_its_header_in_the_first_row() -> None:
    rows = [["Ministry", "Group"], *([f"Ministry of {one}", "A" if at % 2 else "B"] for at, one in enumerate("KLMNOP"))]
    region = only(rows)
    assert region.header_rows == (1,)
    assert region.figures == 0


def test_doubled_and_missing_labels_are_told_apart_and_make_it_less_sure() -> None:
    clean = only([HEADER, *ROWS])
    region = only([["Code", "", "Amount", "Amount"], *([*row, "5"] for row in ROWS)])
    assert region.header == ("Code", "column 2", "Amount", "Amount (2)")
    assert region.confidence < clean.confidence


def test_negative_numbers_currencies_and_percents_are_figures() -> None:
    rows = [
        ["What", "a", "b", "c", "d"],
        ["x", "(1,234.00)", "£ 1.200,00", "12 %", "1 234,5 €"],
        ["y", "-5", "£7", "3%", "7\u00a0000,00 €"],
        ["z", "3-", "–8", "4,5 %", "1.5 EUR"],
    ]
    assert only(rows).figures == 4


@pytest.mark.parametrize(
    "header", [HEADER, ["Código", "Órgano", "Importe €"], ["编号", "部门", "金额"], ["קוד", "משרד", "סכום"]]
)
def test_the_header_is_found_in_any_language(header: list[str]) -> None:
    region = only([["", "2016", ""], [], header, *ROWS])
    assert region.header_rows == (3,)
    assert region.confidence >= SURE


def test_a_table_beside_is_named_and_asked_about() -> None:
    rows = [
        ["Code", "Amount", "", "Code", "Amount"],
        *([f"0{n}", f"{n}00.5", "", f"9{n}", f"{n}7.1"] for n in range(1, 7)),
    ]
    region = only(rows)
    assert [one.text for one in region.cut if one.kind == "other table"] == [
        "beside it, in columns 4 to 5: Code | Amount | Code | Amount"
    ]
    assert not region.proposal().sure


def test_a_blank_column_between_parts_of_one_table_is_no_border() -> None:
    rows = [["Code", "Name", "", "Plan", "Actual"], *([f"0{n}", f"N{n}", "", f"{n}00", f"{n}7"] for n in range(1, 7))]
    assert only(rows).proposal().sure


def test_the_header_can_be_said() -> None:
    grid = grid_of([["Title", "", ""], HEADER, *ROWS])
    (region,) = find_regions(grid, {"headerRows": [1, 2]})
    assert region.header == ("Title Code", "Department", "Amount")
    (region,) = find_regions(grid, {"header": False})
    assert region.header == ("column 1", "column 2", "column 3")


def test_the_same_header_below_another_title_begins_another_table() -> None:
    first, second = regions([["Revenue 2015"], HEADER, *ROWS, [], ["Expenditure 2015"], HEADER, *ROWS])
    assert (first.last_row, second.header_rows, second.first_row) == (7, (10,), 11)


def test_page_numbers_between_repeated_headers_do_not_end_a_table() -> None:
    region = only([["Spending"], HEADER, *ROWS, ["Page 1 of 2"], ["Spending"], HEADER, *ROWS, ["Page 2 of 2"]])
    assert region.last_row == 15


def test_marks_for_nothing_do_not_make_a_column_of_words() -> None:
    region = only([HEADER, *([f"0{n}", f"Dept {n}", "-"] for n in range(9)), *ROWS])
    assert region.header_rows == (1,)
    assert region.amounts == 1


def test_both_rows_of_a_header_are_left_out_where_they_are_repeated() -> None:
    header = [["", "", "Plan", ""], ["Code", "Name", "2015", "2016"]]
    rows = [[f"0{n}", f"N{n}", f"{n}00.5", f"{n}7"] for n in range(1, 7)]
    region = only([*header, *rows, *header, *rows], [Span(1, 2, 3)])
    assert [one["where"] for one in region.leave_out] == [
        {"Plan 2015": ["Plan"]},
        {"Code": ["Code"], "Name": ["Name"], "Plan 2015": ["2015"]},
    ]
    assert region.last_row == 16


@pytest.mark.parametrize("banner", [["2021"], ["", "", "2021"], ["2021", "", ""], ["Year", "", "2021"]])
def test_a_year_above_the_header_is_a_banner_though_the_table_has_a_column_of_years(banner: list[str]) -> None:
    header = ["Year", "Code", "Department", "Chapter", "Name", "Amount"]
    rows = [["2021", f"0{n}", f"Dept {n}", f"{n}1", f"Chapter {n}", f"{n}00.5"] for n in range(1, 9)]
    region = only([["Budget of the Republic"], banner, [], header, *rows])
    assert region.dialect() == {"headerRows": [4]}
    assert cuts(region) == [("banner", 1, 2)]
    assert region.proposal().sure


def test_a_header_that_is_there_again_is_certainly_one() -> None:
    header = ["Year", "Code", "Amount"]
    rows = [["2021", f"0{n}", f"{n}00.5"] for n in range(1, 5)]
    region = only([header, *(row for _ in range(9) for row in [*rows, header])])
    assert (region.header_rows, region.confidence) == ((1,), 98)
    assert region.leave_out[0]["where"] == {"Year": ["Year"], "Code": ["Code"], "Amount": ["Amount"]}


def test_rows_of_data_that_are_there_again_are_no_header() -> None:
    region = only([["01", "Schools", "nfp"], ["01", "Schools", "nfp"], *ROWS])
    assert region.header_rows == ()
    assert not region.proposal().sure


def test_a_table_below_whose_figures_stand_under_texts_is_another() -> None:
    first, second = regions([HEADER, *ROWS, [], ["Region", "People"], *([f"R{n}", f"{n}00"] for n in range(1, 9))])
    assert first.last_row == 6
    assert (second.header_rows, second.header[:2], second.first_row) == ((8,), ("Region", "People"), 9)
