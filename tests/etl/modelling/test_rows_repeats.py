"""Rows that repeat other rows or tell of them are asked about; none is left out or kept in silence."""

from __future__ import annotations

import pytest

from tests.etl.modelling.test_rows import PLAIN, only, proposals, rows

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "words",
    [
        "of which staff",
        "davon Personal",
        "Dont : personnel",
        "w tym: płace",
        "в том числе зарплата",
        "其中工资",
        "うち人件費",
    ],
)
def test_a_part_of_the_row_above_is_asked_about(words: str) -> None:
    name, sure, rule = only(proposals(f"{PLAIN}\n||{words}|7"))
    assert (name, sure) == ("rows:other:Office-part", False)
    assert rule == {"kind": "other", "where": {"Office": [words]}}


@pytest.mark.parametrize("words", ["Average", "Durchschnitt:", "Moyenne par ministère", "Среднее", "平均"])
def test_a_figure_of_other_rows_is_asked_about(words: str) -> None:
    name, sure, _ = only(proposals(f"{PLAIN}\n||{words}|20.17"))
    assert (name, sure) == ("rows:other:Office-figure", False)


def test_a_difference_is_asked_about_when_its_cell_says_nothing_else() -> None:
    assert [one.id for one in proposals(f"{PLAIN}\n||Surplus|7\n||Deficit of hospitals|9")] == [
        "rows:other:Office-balance"
    ]


def test_a_sum_carried_to_the_next_page_is_left_out_when_it_is_one() -> None:
    name, sure, rule = only(proposals(f"{PLAIN}\n||Übertrag|60.50\n{PLAIN}\n||Übertrag|121.00"))
    assert (name, sure) == ("rows:subtotal:Office-carried", True)
    assert rule == {"kind": "subtotal", "where": {"Office": ["Übertrag"]}}


def test_a_sum_carried_forward_that_is_none_is_asked_about() -> None:
    assert not only(proposals(f"{PLAIN}\n||Übertrag|61.50"))[1]


def test_a_full_row_whose_name_begins_with_such_words_is_a_fact() -> None:
    assert proposals(f"{PLAIN}\n2015|04|Average earnings survey|7\n2015|05|Dont Forget Ltd|8") == []


def test_a_total_is_proven_without_the_rows_that_repeat_others() -> None:
    found = proposals(f"{PLAIN}\n||of which bridges|7\n||Total|60.50")
    assert [(one.id, one.sure) for one in found] == [
        ("rows:other:Office-part", False),
        ("rows:total:Office", True),
    ]


def test_a_total_below_a_tree_of_codes_is_the_sum_of_its_leaves() -> None:
    tree = "1|Health|10\n1.1|Drugs|4\n1.2|Wages|6\n2|Schools|30\n2.1|Books|7\n2.2|Wages|23"
    found = proposals(f"{tree}\n|Total|40", head="Code|Office|Amount")
    assert all(one.sure for one in found)
    assert sorted(rows(found)) == [2, 5, 8]
