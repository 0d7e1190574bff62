from __future__ import annotations

from openspending.etl.celltext import MOST_CHARACTERS, fits, in_sheet, sheet_name


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("", "007", " spaced ", "a\tb\nc", "Zażółć gęślą", "合計", "😀", "x_y_z", "=1+1"):
        assert in_sheet(text) == text


def test_what_xml_cannot_hold_is_escaped_and_what_looks_escaped_too() -> None:
    assert in_sheet("a\r\nb\x07\uffff") == "a_x000D_\nb_x0007__xFFFF_"
    assert in_sheet("_x0041_") == "_x005F_x0041_"


def test_a_text_fits_by_the_units_that_spreadsheets_count() -> None:
    assert fits("x" * MOST_CHARACTERS)
    assert not fits("x" * (MOST_CHARACTERS + 1))
    assert not fits("😀" * (MOST_CHARACTERS // 2 + 1))
    assert not fits("\r" * (MOST_CHARACTERS // 2))
    assert len(in_sheet("\x01" * 40_000)) <= MOST_CHARACTERS


def test_sheet_names_are_allowed_short_and_each_used_once() -> None:
    taken = {"to fix"}
    names = [
        sheet_name(one, taken) for one in ("a/b[1]:?*.csv", "a/B[1]:?*.csv", "To fix", "history", "x" * 40, "x" * 40)
    ]
    assert names == ["b-1----.csv", "B-1----.csv~2", "To fix~2", "history~2", "x" * 31, "x" * 29 + "~2"]
    assert all(len(name) <= 31 for name in names)


def test_a_sheet_has_a_name_even_where_the_file_has_none() -> None:
    assert sheet_name("''", set()) == "table"
