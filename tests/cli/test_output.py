from __future__ import annotations

import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from openspending.cli.output import place, printable, show_problems, show_table
from openspending.fdp.amounts import grouped, plain
from openspending.fdp.problems import Problem

HOSTILE = "\x1b[31mred\x1b[0m [bold]markup[/bold] \x07 :smile:"


def shown(*problems: Problem) -> str:
    target = Console(file=io.StringIO(), markup=False, highlight=False, emoji=False, soft_wrap=True, width=100)
    show_problems(problems, target)
    assert isinstance(target.file, io.StringIO)
    return target.file.getvalue()


def a_problem(**words: object) -> Problem:
    given_words = {"code": "type-error", "severity": "error", "message": "It is no number.", "fix": "Mend it.", **words}
    return Problem(**given_words)  # type: ignore[arg-type]


def test_a_problem_is_shown_with_place_value_words_and_fix() -> None:
    text = shown(a_problem(file="data.csv", row=7, field="amount", value="12x", count=3))
    assert "1 error" in text
    assert "data.csv: row 7: amount" in text
    assert "type-error (×3)" in text
    assert "12x" in text
    assert "It is no number." in text
    assert "Fix: Mend it." in text


def test_errors_come_before_warnings() -> None:
    text = shown(a_problem(severity="warning", message="Second."), a_problem(message="First."))
    assert text.index("First.") < text.index("Second.")


def test_a_long_list_is_cut_and_says_so() -> None:
    text = shown(*[a_problem(row=row, field=f"column {row}") for row in range(200)])
    assert "200 errors" in text
    assert "150 more" in text


def test_what_is_mended_in_one_way_is_one_cause_with_its_rows() -> None:
    text = shown(*[a_problem(field="amount", row=row, value="nfp") for row in range(2, 20)])
    assert "18 errors" in text
    assert text.count("Fix:") == 1
    assert "Also: row 3 “nfp”, row 4 “nfp”" in text
    assert "and 7 more" in text


def test_what_a_publisher_wrote_cannot_drive_the_terminal() -> None:
    text = shown(a_problem(file=HOSTILE, field=HOSTILE, value=HOSTILE, message=HOSTILE))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]markup[/bold]" in text
    assert ":smile:" in text


def test_the_place_is_what_is_known_of_it() -> None:
    assert place(a_problem()) == ""
    assert place(a_problem(resource="budget", pointer="/resources/0")) == "budget: /resources/0"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1E+3", "1000"),
        ("0.10", "0.1"),
        ("-0.00", "0"),
        ("100", "100"),
        ("-12.50", "-12.5"),
        ("1E-7", "0.0000001"),
        ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
    ],
)
def test_plain_amounts_have_all_digits_and_nothing_else(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [("12008553000.04", "12,008,553,000.04"), ("-1234.5", "-1,234.5"), ("-0.5", "-0.5"), ("999", "999"), ("0", "0")],
)
def test_grouped_amounts_have_their_thousands_separated(amount: str, text: str) -> None:
    assert grouped(Decimal(amount)) == text


@given(st.decimals(min_value=-(10**40), max_value=10**40))
def test_no_way_of_writing_an_amount_changes_it(amount: Decimal) -> None:
    assert Decimal(plain(amount)) == amount
    assert Decimal(grouped(amount).replace(",", "")) == amount


@given(st.text())
def test_printable_text_is_one_line_without_controls(text: str) -> None:
    assert printable(text).isprintable()


def test_amounts_are_never_folded(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    show_table(("fact", "sum"), [("a label that is far too long for this", "-5,761,966,000.25")], right=("sum",))
    assert "-5,761,966,000.25" in capsys.readouterr().out
