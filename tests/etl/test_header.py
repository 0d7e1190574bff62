"""Which column is which field: by name, nearly so, by an alias, by place; and parts whose headers differ."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openspending.etl.careful import joined
from openspending.etl.check import Checked
from openspending.etl.header import match, told_apart
from openspending.etl.workspace import Workspace
from openspending.fdp.package import Dialect, Field, Schema
from openspending.fdp.problems import Problem
from tests.etl.conftest import FIELDS, Problems, Write


def found(header: list[str], *fields: Field | str) -> tuple[list[int | None], list[str]]:
    made = tuple(Field(one) if isinstance(one, str) else one for one in fields)
    columns = match(header, Schema(fields=made), "a.csv")
    return columns.positions, [one.code for one in columns.problems]


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "", "\u00a0"], ["a", "column 2", "column 3"]),
        (["Amount", "Amount", "Amount"], ["Amount", "Amount (2)", "Amount (3)"]),
        (["Amount", "Amount", "Amount (2)"], ["Amount", "Amount (3)", "Amount (2)"]),
        (["column 2", ""], ["column 2", "column 2 (2)"]),
        (["", "column 1", "column 1"], ["column 1 (2)", "column 1", "column 1 (3)"]),
        ([], []),
    ],
)
def test_labels_that_are_blank_or_equal_are_told_apart(labels: list[str], names: list[str]) -> None:
    assert told_apart(labels) == names


@given(st.lists(st.sampled_from(["", " ", "a", "a (2)", "a (3)", "column 1", "column 1 (2)", "column 3"]), max_size=9))
def test_told_apart_names_are_all_different_and_find_their_columns_again(labels: list[str]) -> None:
    names = told_apart(labels)

    assert len(set(names)) == len(labels)
    assert all(
        name == label for name, label in zip(names, labels, strict=True) if labels.count(label) == 1 and label.strip()
    )
    assert found(labels, *names) == (list(range(len(labels))), [])


def test_an_alias_is_another_label_of_the_same_column() -> None:
    amount = Field("Amount", aliases=("Betrag", "Summe"))

    assert found(["Jahr", "Summe"], "Jahr", amount) == ([0, 1], [])
    assert found(["Jahr", "betrag "], "Jahr", amount) == ([0, 1], ["incorrect-label"])
    assert found(["Betrag", "Amount"], amount) == ([1], ["extra-label"])
    assert found(["Betrag", "amount"], amount) == ([1], ["extra-label", "incorrect-label"][::-1])


def test_of_two_equal_labels_each_may_have_its_field() -> None:
    assert found(["Amount", "Amount"], "Amount", "Amount (2)") == ([0, 1], [])
    assert found(["Amount", "Amount"], "Amount") == ([0], ["duplicate-label", "extra-label"])
    assert found(["a", ""], "column 2") == ([1], ["extra-label"])


def test_a_blank_label_under_a_merged_one_has_the_label_to_its_left() -> None:
    rows = [["Name", "", "2015", "", "2016"], ["Code", "Text", "Plan", "Actual", "Plan", "Actual"]]

    filled = ["Name Code", "Name Text", "2015 Plan", "2015 Actual", "2016 Plan", "2016 Actual"]
    assert joined(rows, Dialect(header_fill=True)) == filled
    assert joined(rows, Dialect())[3] == "Actual"
    assert joined([["a", ""]], Dialect(header_fill=True)) == ["a", ""]


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────

HEAD = "year,code,amount\n"


def told(problems: list[Problem]) -> list[tuple[str, str | None]]:
    return [(one.code, one.file) for one in problems]


def test_each_part_is_matched_by_its_own_header(
    write: Write, checked: Callable[[Path], Checked], workspace: Workspace
) -> None:
    fields = [*FIELDS[:2], FIELDS[2] | {"aliases": ["Betrag"]}, {"name": "note", "type": "string"}]
    files = {"a.csv": "year,code,amount,note\n2015,01,1,x\n", "b.csv": "Betrag,year,code,town\n2,2016,02,y\n"}
    done = checked(write(path=["a.csv", "b.csv"], files=files, fields=fields))

    assert told(done.report.problems) == [
        ("fiscal/missing-unused-column", "b.csv"),
        ("extra-label", "b.csv"),
        ("fiscal/column-order", "b.csv"),
    ]
    rows = workspace.connection.execute("SELECT _file, _row, f0, f1, f2, f3 FROM raw_0 ORDER BY 1").fetchall()
    assert rows == [(0, 2, "2015", "01", "1", "x"), (1, 2, "2016", "02", "2", None)]


def test_a_part_without_a_column_that_is_needed_is_an_error_that_names_it(problems: Problems) -> None:
    files = {"a.csv": HEAD + "2015,01,1\n", "b.csv": "year,code,betrag\n2016,02,2\n"}
    some = problems(path=["a.csv", "b.csv"], files=files)

    assert [(one.code, one.file, one.field) for one in some if one.severity == "error"] == [
        ("missing-label", "b.csv", "amount")
    ]


def test_what_is_said_of_a_header_is_said_once_for_all_parts_that_have_it(problems: Problems) -> None:
    files = {f"{name}.csv": f"Year,code,amount\n201{number},01,1\n" for number, name in enumerate("abc")}

    assert told(problems(path=["a.csv", "b.csv", "c.csv"], files=files)) == [("incorrect-label", "a.csv")]


def test_problems_of_a_header_are_at_its_row(problems: Problems) -> None:
    text = "Budget of the town,,\n,,\nYear,code,amount\n2015,01,1\n"
    [one] = problems(text, dialect={"headerRows": [3]})

    assert (one.code, one.row) == ("incorrect-label", 3)
