"""Where in a value the asked words stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openspending.analytics.search.understanding import highlighted, understand
from tests.analytics.search.understanding.vocabularies import vocabulary_of


def marked(value: str, text: str, *languages: str) -> list[str]:
    """The marked characters of `value`, if `text` is asked for where it is the only line."""
    found = highlighted(value, understand(text, vocabulary_of(value), languages))
    return [value[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("value", "text", "marks"),
    [
        ("New road, old ROAD", "road", ["road", "ROAD"]),
        ("Die Straße", "STRASSE", ["Straße"]),
        ("ﬁnance", "finance", ["ﬁnance"]),
        ("E\u0301ducation nationale", "education", ["E\u0301ducation"]),
        ("Ｔokyo １２", "tokyo", ["Ｔokyo"]),
        ("Κύπρος 2015", "ΚΥΠΡΟΣ", ["Κύπρος"]),
        ("תַּקְצִיב המדינה", "תקציב", ["תַּקְצִיב"]),
        ("وزارة التعليم", "وزارة", ["وزارة"]),
        ("İSTANBUL", "istanbul", ["İSTANBUL"]),
        ("सड़क निर्माण", "सड़क", ["सड़क"]),
        ("東京都の道路", "道路", ["道路"]),
        ("Łódź", "lodz", ["Łódź"]),
        ("New road and road", '"new road"', ["New road"]),
        ("new new road", '"new road" new', ["new", "new road"]),
        ("Roadworks on a road", "roadw*", ["Roadworks"]),
        ("a road", "-road", []),
        ("a road", "", []),
        ("", "road", []),
        ("carretera", "caretera", ["carretera"]),
        ("l’eau potable", "l'eau", ["l’eau"]),
    ],
)
def test_words_are_marked_as_they_were_written(value: str, text: str, marks: list[str]) -> None:
    assert marked(value, text) == marks


def test_forms_are_marked() -> None:
    assert marked("Carreteras y una carretera", "carretera", "es") == ["Carreteras", "carretera"]


def test_the_parts_of_a_compound_are_marked() -> None:
    assert marked("Straßen und Bau", "Straßenbau", "de") == ["Straßen", "Bau"]


@pytest.mark.parametrize(
    ("value", "text", "marks"),
    [
        ("09.1.3", "09.1", ["09.1"]),
        ("091", "09.1", ["091"]),
        ("0913", "09.1", []),
        ("0913", "09.1*", ["091"]),
        ("110123", "1101-2", ["11012"]),
        ("09.01.3", "09.1", ["09.01"]),
        ("09.01", "0901", ["09.01"]),
        ("1101-23-4", "1101-23-4", ["1101-23-4"]),
        ("0901", "901", ["0901"]),
        ("９．１", "9.1", ["９．１"]),
        ("10.1", "09.1", []),
        ("Chapter 09.1 of it", "09.1", ["09.1"]),
        ("Chapter 091 or 0911", "09.1", ["091"]),
    ],
)
def test_the_beginning_of_a_code_is_marked(value: str, text: str, marks: list[str]) -> None:
    assert marked(value, text) == marks


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=10))
def test_marks_are_in_order_apart_and_within_the_value(value: str, text: str) -> None:
    found = highlighted(value, understand(text, vocabulary_of(value), ["en"]))
    places = [place for one in found for place in one]
    assert places == sorted(set(places))
    assert all(0 <= place <= len(value) for place in places)


@given(st.text(min_size=1, max_size=20))
def test_a_value_that_is_asked_for_as_a_phrase_is_marked(value: str) -> None:
    text = value.replace('"', " ")
    understood = understand(f'"{text}"', vocabulary_of(text), [])
    assert bool(highlighted(text, understood)) == (understood.tree is not None)
