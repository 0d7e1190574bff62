from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from openspending.etl.inspecting.dialect import guess_dialect

ROWS = [
    ["code", "name", "amount"],
    *(
        [f"0{n}.1", name, f"{n}234.50"]
        for n, name in enumerate(["Schools, primary", "Roads", "Parks; gardens", "IT"] * 3)
    ),
]


def written(rows: list[list[str]], **options: Any) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, **options).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_a_delimiter_is_told_by_records_that_agree(delimiter: str) -> None:
    proposal = guess_dialect(written(ROWS, delimiter=delimiter), complete=True)
    assert proposal.best.effect == {"delimiter": delimiter}
    assert proposal.sure


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("a;b;c\n" + "1,50;2,70;3,10\n" * 9, {"delimiter": ";"}),
        ("Konto;Betrag\r\n100;1,50\r\n200;2,70\r\n", {"delimiter": ";"}),
        ("Town of X, Finance\r\nBudget, 2015\r\n\r\n" + written(ROWS, delimiter=";"), {"delimiter": ";"}),
        (written(ROWS) + "\r\nSource: Ministry; own, reckoning\r\nNote; rounded\r\n", {"delimiter": ","}),
        ("sep=;\r\n" + written(ROWS, delimiter=";"), {"delimiter": ";"}),
        (written(ROWS, lineterminator="\r"), {"delimiter": ","}),
        (written([[*row, ""] for row in ROWS], delimiter=";"), {"delimiter": ";"}),
        (written([[code, f"{name}\nsecond, line\nthird", sum_] for code, name, sum_ in ROWS]), {"delimiter": ","}),
        ("a;b;c\n" + '1;Pipe 5" wide;3\n' * 9, {"delimiter": ";"}),
        (
            'a\tb\tc\n1\t"open\t3\n' + "2\tx\t4\n" * 20 + '3\t"open\t5\n' + "2\tx\t4\n" * 9,
            {"delimiter": "\t", "quoteChar": ""},
        ),
        (written(ROWS, quotechar="'", quoting=csv.QUOTE_ALL), {"delimiter": ",", "quoteChar": "'"}),
        ("x, y\n" + '"a, b", "c"\n' * 9, {"delimiter": ",", "skipInitialSpace": True}),
        (
            written(
                [[code, f'the "{name}", all', sum_] for code, name, sum_ in ROWS], doublequote=False, escapechar="\\"
            ),
            {"delimiter": ",", "doubleQuote": False, "escapeChar": "\\"},
        ),
        (
            'code,name,sum\n1,"Grants \\"new\\"",5\n' + '1,"Schools",5\n' * 300,
            {"delimiter": ",", "doubleQuote": False, "escapeChar": "\\"},
        ),
        ('code,name,sum\n1,"C:\\data\\",5\n' + '1,"The ""new"" roads",5\n' * 9, {"delimiter": ","}),
        ("# made in 2015, by X\n# unit; EUR\n" + written(ROWS, delimiter=";"), {"delimiter": ";", "commentChar": "#"}),
        ("when;what;sum\n" + "2015-01-02 10:30:00;pay, x;100\n" * 8, {"delimiter": ";"}),
        ("id;name;sum\n" + "1;Item, big;1,234,567.00\n" * 8, {"delimiter": ";"}),
    ],
)
def test_nasty_texts_are_read_right_and_surely(text: str, effect: dict[str, Any]) -> None:
    proposal = guess_dialect(text, complete=True)
    assert proposal.best.effect == effect
    assert proposal.sure


def test_one_column_of_words_has_no_delimiter() -> None:
    assert guess_dialect("name\nRoad maintenance\nSchools, primary\nPolice\n" * 5, complete=True).best.value == "none"


def test_a_column_of_decimal_commas_is_asked_about() -> None:
    assert not guess_dialect("amount\n1,50\n2,70\n31,10\n", complete=True).sure


def test_equal_claims_of_two_delimiters_are_asked_about() -> None:
    assert not guess_dialect("a,b|c,d\n1,2|3,4\n5,6|7,8\n", complete=True).sure


def test_the_last_line_of_a_beginning_is_not_held_against_it() -> None:
    text = written(ROWS) * 40
    assert guess_dialect(text[:-9]).best.effect == {"delimiter": ","}
