from __future__ import annotations

import pytest

from openspending.analytics.search.matching import AllOf, AnyOf, Begins, Phrase, Tree, Words
from openspending.analytics.search.postgres.lexemes import LONGEST, MOST, exactly, phrase, query, vector

A, B = Words(("a",)), Words(("b", "c"))


def test_words_have_their_places_and_between_values_one_is_free() -> None:
    assert vector("road works\nschool") == "'road':1 'works':2 'school':4"


def test_codes_are_behind_a_mark_that_no_word_has() -> None:
    assert vector("x", ["091", "9.1."]) == "'x':1 '#091' '#9.1.'"


def test_quotes_and_backslashes_are_doubled() -> None:
    assert vector("it's a\\b") == "'it''s':1 'a\\\\b':2"


def test_an_empty_text_has_no_words() -> None:
    assert vector("") == ""
    assert vector("\n\n") == ""


def test_what_no_vector_has_room_for_is_cut() -> None:
    assert vector("w" * 3000) == f"'{'w' * LONGEST}':1"
    assert query(Words(("w" * 3000,))) == f"('{'w' * LONGEST}')"
    assert len(vector("word " * MOST)) < MOST * 3


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (None, True),
        (A, "('a')"),
        (B, "('b' | 'c')"),
        (Words(()), False),
        (Phrase(("a", "b")), "('a' <-> 'b')"),
        (Begins("text", "a"), "'a':*"),
        (Begins("code", "09"), "'#09':*"),
        (Begins("code", ""), "'#':*"),
        (Begins("text", ""), True),
        (AllOf((A, B)), "(('a') & ('b' | 'c'))"),
        (AllOf((), (A,)), "(!('a'))"),
        (AllOf(()), True),
        (AllOf((A,), (AllOf(()),)), False),
        (AllOf((A, Words(()))), False),
        (AllOf((A,), (Words(()),)), "(('a'))"),
        (AnyOf((A, Words(()))), "(('a'))"),
        (AnyOf((A, AllOf(()))), True),
        (AnyOf(()), False),
    ],
)
def test_a_tree_is_a_query(tree: Tree | None, expected: str | bool) -> None:
    assert query(tree) == expected


def test_the_last_word_of_a_phrase_may_only_begin_one() -> None:
    assert phrase(("a", "b"), beginning_last=True) == "('a' <-> 'b':*)"


def test_what_was_asked_for_as_it_is_counts_most() -> None:
    assert exactly(AllOf((B, Phrase(("d", "e"))), (A,))) == "(('b') | ('d' <-> 'e'))"
    assert exactly(None) is False
