"""Each semantic check finds its fault at its row, and says nothing of the same table without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from openspending.fdp.problems import Problem

pytestmark = pytest.mark.slow

Lint = Callable[..., list[Problem]]

NAMES = ("year", "code", "label", "office", "amount")
FIELDS: list[dict[str, Any]] = [
    {"name": one, "type": {"year": "integer", "amount": "number"}.get(one, "string")} for one in NAMES
]
MODEL: dict[str, Any] = {
    "measures": {"amount": {"source": "amount", "currency": "EUR"}},
    "dimensions": {
        "date": {"dimensionType": "datetime", "attributes": {"year": {"source": "year"}}, "primaryKey": "year"},
        "function": {
            "dimensionType": "classification",
            "attributes": {"code": {"source": "code"}, "label": {"source": "label", "labelfor": "code"}},
            "primaryKey": "code",
        },
        "office": {"dimensionType": "entity", "attributes": {"name": {"source": "office"}}, "primaryKey": "name"},
    },
}


def lines(*rows: str) -> str:
    return "\n".join([",".join(NAMES), *rows]) + "\n"


def table(count: int = 12, **cells: Callable[[int], object]) -> list[str]:
    """Rows in which every cell is ordinary, unless `cells` says what row n has."""
    usual: dict[str, Callable[[int], object]] = {
        "year": lambda n: 2014 + n % 2,
        "code": lambda n: f"A{n // 2:02}",
        "label": lambda n: f"Function {n // 2:02}",
        "office": lambda n: f"Office {n % 3}",
        "amount": lambda n: 1000 + 37 * n * n,
    }
    return [",".join(str((usual | cells)[name](n)) for name in NAMES) for n in range(count)]


def with_row(rows: list[str], **cells: object) -> list[str]:
    extra = {"year": 2014, "code": "A00", "label": "Function 00", "office": "Office 0", "amount": 77} | cells
    return [*rows, ",".join(str(extra[name]) for name in NAMES)]


@pytest.fixture
def codes(found: Lint) -> Callable[[list[str]], list[tuple[str, int | None, str | None]]]:
    def run(rows: list[str]) -> list[tuple[str, int | None, str | None]]:
        return [(one.code, one.row, one.field) for one in found(lines(*rows), fields=FIELDS, model=MODEL)]

    return run


Codes = Callable[[list[str]], list[tuple[str, int | None, str | None]]]


def test_an_ordinary_table_has_no_findings(codes: Codes) -> None:
    assert codes(table(40)) == []


@pytest.mark.parametrize("other", ["Office 0 ", "office 0", "Öffice 0", "Office  0"])
def test_names_that_nobody_can_tell_apart_are_told(codes: Codes, other: str) -> None:
    assert codes(with_row(table(), office=other)) == [("fiscal/twin-members", 14, "office")]


def test_names_that_differ_are_not_twins(codes: Codes) -> None:
    assert codes(with_row(table(), office="Office 00")) == []


@pytest.mark.parametrize("damaged", ["01-Jan", "1E+05", "2.34E+11", "Mar-14"])
def test_codes_that_a_spreadsheet_changed_are_told(codes: Codes, damaged: str) -> None:
    assert ("fiscal/damaged-codes", 14, "code") in codes(with_row(table(), code=damaged, label="Function 90"))


def test_codes_with_letters_and_signs_are_not_damaged(codes: Codes) -> None:
    assert codes(with_row(table(), code="E05", label="Function 90")) == []


def test_a_year_far_from_the_others_is_told(codes: Codes) -> None:
    rows = table(60, year=lambda n: 2014 + n % 3, office=lambda n: f"Office {n % 7}")
    assert codes(with_row(rows, year=2099)) == [("fiscal/odd-year", 62, "year")]
    assert codes(with_row(rows, year=2017, office="Office 9")) == []


def test_missing_years_are_told_unless_years_are_rare_anyway(codes: Codes) -> None:
    assert codes(table(30, year=lambda n: (2014, 2015, 2017)[n % 3])) == [("fiscal/missing-years", None, "year")]
    assert codes(table(30, year=lambda n: (2000, 2005, 2010)[n % 3])) == []


def test_a_code_with_two_labels_is_told(codes: Codes) -> None:
    assert codes(with_row(table(), label="Quite another")) == [("fiscal/code-with-two-labels", 14, "code")]


def test_a_label_with_a_mistyped_code_is_told(codes: Codes) -> None:
    rows = table(40)
    assert codes(with_row(rows, code="A21", label="Function 12")) == [("fiscal/label-with-two-codes", 42, "label")]
    assert codes(with_row(rows, code="B77", label="Function 12")) == []


def test_a_code_without_its_label_is_told_where_others_have_one(codes: Codes) -> None:
    assert codes(with_row(table(40), label="")) == [("fiscal/code-without-label", 42, "code")]
    assert codes(table(40, label=lambda _: "")) == []


def test_codes_above_others_are_told_when_both_have_amounts(codes: Codes) -> None:
    names = ["01", "01.1", "01.2", "01.3", "02.1", "02.2"]
    rows = table(12, code=lambda n: names[n // 2])
    assert codes(rows) == [("fiscal/mixed-levels", 2, "code")]
    assert codes(table(12, code=lambda n: names[1:][n // 2 % 5])) == [("fiscal/code-with-two-labels", 12, "code")]


def test_numbers_that_only_count_have_no_levels(codes: Codes) -> None:
    assert codes(table(60, code=lambda n: 1 + n // 2)) == []


def test_rows_that_sum_up_the_codes_below_them_are_told(codes: Codes) -> None:
    parts = {"1": 60, "11": 30, "111": 10, "112": 20, "12": 30, "121": 25, "122": 5}
    rows = [f"2014,{code},Function {code},Office {code},{amount}" for code, amount in parts.items()]
    assert codes(rows) == [("fiscal/subtotal-rows", 2, "amount")]


def test_a_code_without_the_one_above_it_is_told_where_nearly_all_have_one(codes: Codes) -> None:
    names = [f"{n:02}" for n in range(1, 5)] + [f"{n:02}.{k}" for n in range(1, 5) for k in range(1, 7)]
    rows = [f"2014,{code},Function {code},Office,{n % 2 * 50}" for n, code in enumerate(names)]
    kinds = [one for one in codes([*rows, "2014,07.3,Function 07.3,Office,5"]) if one[0] != "fiscal/mixed-levels"]
    assert kinds == [("fiscal/code-without-parent", 30, "code")]
    assert [one for one in codes(rows) if one[0] != "fiscal/mixed-levels"] == []


def test_a_block_of_rows_that_stands_there_twice_is_told(codes: Codes, found: Lint) -> None:
    rows = table(20)
    assert codes([*rows, *rows[4:9]]) == [("fiscal/repeated-block", 22, None)]
    said = found(lines(*rows, *rows[4:9]), fields=FIELDS, model=MODEL)[0]
    assert "5 rows beginning with row 22" in said.message
    assert "beginning with row 6" in said.message
    assert codes([*rows, rows[4], rows[9]]) == []


def test_an_amount_in_another_unit_than_its_line_in_other_years_is_told(codes: Codes) -> None:
    rows = [f"{2010 + n % 6},A{n // 6:02},F {n // 6:02},Office,{1000 + 10 * n}" for n in range(60)]
    wrong = [*rows[:20], rows[20].replace("1200", "1200000"), *rows[21:]]
    assert codes(rows) == []
    assert codes(wrong) == [("fiscal/amount-jump", 22, "amount")]


def test_an_amount_with_another_sign_than_its_line_in_other_years_is_told(codes: Codes) -> None:
    rows = [f"{2010 + n % 6},A{n // 6:02},F {n // 6:02},Office,{1000 + 10 * n}" for n in range(240)]
    wrong = [*rows[:20], rows[20].replace("1200", "-1200"), *rows[21:]]
    refund = [*rows[:20], rows[20].replace("1200", "-300"), *rows[21:]]
    assert codes(wrong) == [("fiscal/sign-flip", 22, "amount")]
    assert codes(refund) == []


def test_a_whole_year_in_another_unit_or_with_another_sign_is_told_once(codes: Codes) -> None:
    def rows(factor: int) -> list[str]:
        return [
            f"{2010 + n % 3},A{n // 3:02},F {n // 3:02},Office,{(1000 + 7 * n) * (factor if n % 3 == 2 else 1)}"
            for n in range(60)
        ]

    assert [one[0] for one in codes(rows(1000))] == ["fiscal/unit-jump"]
    assert [one[0] for one in codes(rows(-1))] == ["fiscal/signs-differ"]
    assert codes(rows(2)) == []


def test_rows_in_between_that_are_in_another_unit_are_told(codes: Codes) -> None:
    def rows(first: int, last: int, times: int = 1000) -> list[str]:
        return table(40, amount=lambda n: (1000 + 37 * n) * (times if first <= n <= last else 1))

    assert codes(rows(10, 15)) == [("fiscal/unit-block", 12, "amount")]
    assert codes(rows(0, 5)) == []  # the largest of a sorted list
    assert codes(rows(10, 12)) == []
    assert codes(rows(10, 15, 50)) == []


def test_columns_of_zeros_and_of_one_amount_are_told(codes: Codes) -> None:
    assert codes(table(12, amount=lambda _: 0)) == [("fiscal/only-zeros", None, "amount")]
    assert codes(table(12, amount=lambda _: 250)) == [("fiscal/same-amount", None, "amount")]
    assert codes(table(12, amount=lambda n: n % 2)) == []


def test_rows_with_far_more_spent_than_approved_are_told_where_they_are_rare(found: Lint) -> None:
    fields = [*FIELDS[:4], {"name": "plan", "type": "number"}, {"name": "paid", "type": "number"}]
    measures = {
        name: {"source": name, "currency": "EUR", "phase": phase}
        for name, phase in (("plan", "approved"), ("paid", "executed"))
    }

    def run(*paid: int) -> list[tuple[str, int | None]]:
        rows = [f"2014,A{n:03},F {n:03},Office,{100 + n},{paid[n % len(paid)]}" for n in range(120)]
        text = "\n".join(["year,code,label,office,plan,paid", *rows]) + "\n"
        return [(one.code, one.row) for one in found(text, fields=fields, model=MODEL | {"measures": measures})]

    assert run(*([90, 80] * 59), 95, 900) == [("fiscal/overspent", 121)]
    assert run(90, 900) == []
