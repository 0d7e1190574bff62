"""Among numbers and dates, texts for “no value” are known in many languages; other words are asked about."""

from __future__ import annotations

import pytest

from openspending.etl.modelling.missing import counted, stands_for_nothing
from tests.etl.modelling.columns import written

NUMBERS = tuple(f"{number}.50" for number in range(100, 140))


@pytest.mark.parametrize(
    "text",
    [
        "-", "–", "—", "n/a", "N/A", "na", "nfp", "..", "...", ":", "x", "*", "n.a.", "nd", "s/d", "k.A.", "k. A.",
        "brak", "Brak danych", "#N/A", "NULL", "none", "£-", "- €", "н/д", "無", "δ/υ", "sin datos", "#",
    ],
)  # fmt: skip
def test_known_texts_for_no_value_are_declared_missing_as_they_are_written(text: str) -> None:
    found = written(*NUMBERS, text)
    assert found.kind == "number"
    assert found.props["missingValues"] == ["", text]
    assert found.proposals == ()
    assert f"“{text}” (once)" in found.reason


@pytest.mark.parametrize("text", ["0", "1", "nil", "zero", "London", "withdrawn", "-5", "#REF!"])
def test_other_texts_are_not_taken_for_no_value(text: str) -> None:
    assert not stands_for_nothing(text)


def test_words_among_numbers_are_asked_about_with_their_counts() -> None:
    found = written(*NUMBERS, "withdrawn", "withdrawn", "ended", label="Paid")
    (asked,) = found.proposals
    assert (asked.id, asked.sure) == ("column:Paid:words", False)
    assert "“withdrawn” (2 times), “ended” (once)" in asked.question
    assert [one.value for one in asked.choices] == ["missing", "correct the file"]
    assert found.props["missingValues"] == ["", "withdrawn", "ended"]


def test_a_formula_that_failed_is_asked_about() -> None:
    assert [one.sure for one in written(*NUMBERS, "#REF!").proposals] == [False]


def test_nil_may_be_zero_or_no_value() -> None:
    found = written(*NUMBERS, "nil", label="Paid")
    (asked,) = found.proposals
    assert [one.value for one in asked.choices] == ["missing", "zero", "correct the file"]
    assert found.answered({asked.id: "zero"})["replace"] == {"nil": "0"}


def test_a_column_of_nothing_but_such_texts_is_empty() -> None:
    assert written("-", "-", "n/a").kind == "empty"
    assert written(None, "", " ").kind == "empty"


def test_counts_are_told_shortly() -> None:
    assert counted([("a", 1), ("b", 3)]) == "“b” (3 times), “a” (once)"
    assert counted((str(number), 1) for number in range(7)).endswith(" and 2 more")
