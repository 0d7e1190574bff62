"""Words with their places are the words that are indexed."""

from __future__ import annotations

from unicodedata import combining, normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openspending.analytics.search.words import spans, words


@given(st.text(max_size=40))
@example("각 각")
@example("ハ゛か")
@example("Straße ﬁn ㍿ １２")
def test_words_with_places_are_the_words(text: str) -> None:
    found = spans(text)
    assert [one.word for one in found] == words(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Road to A-1", ["Road", "to", "A", "1"]),
        ("Straßen bau", ["Straßen", "bau"]),
        ("e\u0301cole, école", ["e\u0301cole", "école"]),
        ("ﬁnance", ["ﬁnance"]),
        ("東京 Ｔokyo", ["東", "京", "Ｔokyo"]),
        ("שָׁלוֹם עולם", ["שָׁלוֹם", "עולם"]),
        ("İstanbul ıhlamur", ["İstanbul", "ıhlamur"]),
        ("सड़क निर्माण", ["सड़क", "निर्माण"]),
        ("各位", ["各", "位"]),
        ("Haus\u00adhalts\u00adplan neu", ["Haus\u00adhalts\u00adplan", "neu"]),
    ],
)
def test_a_word_stands_where_it_was_read(text: str, cut: list[str]) -> None:
    assert [text[one.start : one.end] for one in spans(text)] == cut


def test_what_is_not_seen_within_a_word_does_not_part_it() -> None:
    assert words("Haus\u00adhalt \ufeffé क्\u200dष") == ["haushalt", "e", "क्ष"]


@pytest.mark.parametrize("text", ["תַּקְצִיב", "وِزَارَة", "İSTANBUL", "e\u0301", "ǰ"])
def test_points_and_accents_make_no_difference_however_they_are_written(text: str) -> None:
    plain = "".join(one for one in normalize("NFD", text) if not combining(one))
    assert words(text) == words(plain)
