"""Tables of web pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from openspending.etl.formats.sheets import Book
from openspending.fdp.problems import PackageRejected

Opens = Callable[[bytes], Book]


def tables(book: Book) -> list[list[list[str]]]:
    return [list(book.rows(one)) for one in book.sheets]


def test_entities_tags_inside_and_spaces_are_as_a_browser_shows_them(book: Opens) -> None:
    page = (
        "<html><head><style>td {x: 1}</style><script>'<table><tr><td>no'</script></head><table>\n"
        "<tr><td> A &amp; B&nbsp;C</td><td>one<br>two<p>three</p></td>"
        "<td><b>1.</b><i>2</i>34,\n  5</td></tr></table></html>"
    )

    assert tables(book(page.encode())) == [[["A & B\xa0C", "one\ntwo\nthree", "1.234, 5"]]]


def test_end_tags_may_be_missing(book: Opens) -> None:
    page = b"<table><caption>Budget<tr><th>a<th>b<tr><td>1<td>2<tr><td>3<td>4</table><table id=next><td>x</table>"
    opened = book(page)

    assert tables(opened) == [[["a", "b"], ["1", "2"], ["3", "4"]], [["x"]]]
    assert [(one.name, one.number) for one in opened.sheets] == [("Budget", 1), ("next", 2)]


def test_labels_are_repeated_over_the_columns_that_they_span_and_values_are_not(book: Opens) -> None:
    page = (
        b"<table><tr><th rowspan=2>unit<th colspan=2>2015<tr><th>plan<th>spent"
        b"<tr><td rowspan=2>A<td>1<td>2<tr><td colspan=2>3</table>"
    )
    opened = book(page)

    assert tables(opened) == [[["unit", "2015", "2015"], ["", "plan", "spent"], ["A", "1", "2"], ["", "3", ""]]]
    assert opened.sheets[0].merged == ((1, 1, 2, 1), (1, 2, 1, 3), (3, 1, 4, 1), (4, 2, 4, 3))


def test_tables_inside_others_are_tables_of_their_own(book: Opens) -> None:
    page = b"<html><table><tr><td>menu<td><table><tr><td>1<td>2</table></td></tr></table>"

    assert tables(book(page)) == [[["menu", ""]], [["1", "2"]]] or tables(book(page)) == [[["menu"]], [["1", "2"]]]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("cp1252", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("iso8859-2", '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">'),
        ("cp1257", "<meta charset=windows-1257>"),
        ("cp1252", "<meta charset='iso-8859-1'>"),
    ],
)
def test_a_page_is_in_the_encoding_that_it_says_or_shows(book: Opens, encoding: str, head: str) -> None:
    page = f"<html><head>{head}</head><table><tr><td>Müller – ü</td></tr></table></html>"
    if encoding != "iso8859-2":
        assert tables(book(page.encode(encoding))) == [[["Müller – ü"]]]
    page = page.replace("–", "-")
    assert tables(book(page.encode(encoding))) == [[["Müller - ü"]]]


def test_bytes_that_are_not_in_the_encoding_are_refused(book: Opens) -> None:
    with pytest.raises(PackageRejected, match="it is not utf-8"):
        book(b"<html><meta charset=utf-8><table><tr><td>M\xfcller</table>")


def test_a_page_without_a_table_is_refused(book: Opens) -> None:
    with pytest.raises(PackageRejected, match="without a table"):
        book(b"<!DOCTYPE html><p>Log in</p>")
