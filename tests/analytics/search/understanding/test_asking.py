"""The parts of a typed text."""

from __future__ import annotations

import pytest

from openspending.analytics.search.understanding.asking import MOST_CHARACTERS, MOST_WORDS, asked_parts
from openspending.errors import BadQuery


def parts(text: str) -> list[str]:
    """Each part as it would be typed in the plainest way."""
    return [
        ("-" if one.excluded else "") + (f'"{one.text}"' if one.quoted else one.text) + ("*" if one.begins else "")
        for one in asked_parts(text)
    ]


@pytest.mark.parametrize(
    "quoted",
    [
        *('"new road"', "“new road”", "„new road“", "„new road”", "«new road»", "»new road«", "‹new road›"),
        *("「new road」", "『new road』", "＂new road＂", '("new road")', '"new road",'),
    ],
)
def test_a_phrase_may_stand_in_the_quotes_of_any_language(quoted: str) -> None:
    assert parts(f"a {quoted} b") == ["a", '"new road"', "b"]


@pytest.mark.parametrize("minus", ["-", "−", "－", "\u200f-", "(-", "--"])
def test_a_minus_before_a_word_or_phrase_leaves_it_out(minus: str) -> None:
    assert parts(f"a {minus}road") == ["a", "-road"]
    assert parts(f'a {minus}"new road"') == ["a", '-"new road"']


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("roa*", ["roa*"]),
        ("roa＊ x", ["roa*", "x"]),
        ("(roa*),", ["roa*"]),
        ("-roa*", ["-roa*"]),
        ("ro*ad", ["ro*ad"]),
        ("* road", ["road"]),
    ],
)
def test_an_asterisk_after_a_word_lets_it_go_on(text: str, read: list[str]) -> None:
    assert parts(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('"new road', ["new", "road"]),
        ('road" "', ["road"]),
        ('""', []),
        ('"!" x', ["x"]),
        ("a - b", ["a", "b"]),
        ("well-known", ["well-known"]),
        ("A/B l'eau", ["A/B", "l'eau"]),
        ('5" pipe', ["5", "pipe"]),
        ('תשע"ד', ['תשע"ד']),
        ('"שנת תשע"ד" x', ['"שנת תשע"ד"', "x"]),
        ("「道路」整備", ['"道路"', "整備"]),
        ("AND OR NOT title:road ~2 ^3", ["AND", "OR", "NOT", "title:road", "2", "3"]),
        (" \u200f \u3000", []),
        ("-", []),
    ],
)
def test_marks_that_make_no_sense_are_read_as_if_they_were_not_there(text: str, read: list[str]) -> None:
    assert parts(text) == read


def test_a_part_says_where_it_stands() -> None:
    text = "x (Straße), “new road”"
    assert [text[one.start : one.end] for one in asked_parts(text)] == ["x", "Straße", "new road"]


def test_too_much_is_refused() -> None:
    assert len(asked_parts(" ".join(["a"] * MOST_WORDS))) == MOST_WORDS
    assert len(asked_parts(f'"{" ".join(["a"] * 50)}"')) == 1
    with pytest.raises(BadQuery, match="20 words"):
        asked_parts(" ".join(["a"] * (MOST_WORDS + 1)))
    with pytest.raises(BadQuery, match="300 characters"):
        asked_parts("a" * (MOST_CHARACTERS + 1))
