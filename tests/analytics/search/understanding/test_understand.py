"""A typed text as a tree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openspending.analytics.search.matching import AllOf, AnyOf, Begins, Phrase, Spoken, Tree, Words
from openspending.analytics.search.understanding import understand
from openspending.analytics.search.understanding.asking import MOST_WORDS
from openspending.analytics.search.words import codes, words
from tests.analytics.search.understanding.vocabularies import matches, vocabulary_of

TEXTS = (
    "New road to the school",
    "Educación Pública",
    "東京都の道路整備",
    "教育 支出",
    "תַּקְצִיב שנת תשע״ד",
    "وزارة التعليم",
    "सड़क निर्माण",
    "การศึกษา ขั้นพื้นฐาน",
    "İSTANBUL ılıca Büyükşehir",
    "Đường giao thông nông thôn",
    "Łódź gmina wydatki",
    "ΚΥΠΡΟΣ Υπουργείο",
    "Općina Čakovec",
    "Œuvre ﬁnale Ｔokyo",
)
WORDS = vocabulary_of(*TEXTS)
LANGUAGES = ("en", "es", "de", "el", "hr", "pl", "tr", "he", "ar", "hi", "ja", "zh", "th", "vi")


def found(text: str, *, value: str = "", code: str = "") -> bool:
    return matches(understand(text, WORDS, LANGUAGES).tree, text=value, codes=codes(code))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("school road", TEXTS[0]),
        ("ROAD -bridge", TEXTS[0]),
        ('"to the school"', TEXTS[0]),
        ("schools", TEXTS[0]),
        ("educacion", TEXTS[1]),
        ("EDUCACIÓN pu\u0301blica", TEXTS[1]),
        ("educaciones públicas", TEXTS[1]),
        ("道路", TEXTS[2]),
        ("東京 整備", TEXTS[2]),
        ("「道路整備」", TEXTS[2]),
        ("教育", TEXTS[3]),
        ("תקציב", TEXTS[4]),
        ("הַתַּקְצִיב", TEXTS[4]),
        ('תשע"ד', TEXTS[4]),
        ("\u200fתשע״ד\u200f", TEXTS[4]),
        ("وِزَارَة", TEXTS[5]),
        ("تعليم", TEXTS[5]),
        ("सड़क", TEXTS[6]),
        ("ศึกษา", TEXTS[7]),
        ("พื้นฐาน", TEXTS[7]),
        ("istanbul", TEXTS[8]),
        ("Istanbul ILICA büyüksehir", TEXTS[8]),
        ("duong nong thon", TEXTS[9]),
        ("ĐƯỜNG", TEXTS[9]),
        ("lodz", TEXTS[10]),
        ("gminy", TEXTS[10]),
        ("κύπρος", TEXTS[11]),
        ("Κύπρου υπουργεια", TEXTS[11]),
        ("opcine", TEXTS[12]),
        ("cakovec", TEXTS[12]),
        ("oeuvre finale tokyo", TEXTS[13]),
        ("ｏｅｕｖｒｅ", TEXTS[13]),
    ],
)
def test_what_is_typed_finds_what_is_meant(text: str, value: str) -> None:
    assert found(text, value=value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("school bridge", TEXTS[0]),
        ("road -school", TEXTS[0]),
        ('-"to the school"', TEXTS[0]),
        ('"school to"', TEXTS[0]),
        ('"roads"', TEXTS[0]),
        ("-roa*", TEXTS[0]),
        ("路道", TEXTS[2]),
        ("東整", TEXTS[2]),
    ],
)
def test_what_is_not_asked_for_is_not_found(text: str, value: str) -> None:
    assert not found(text, value=value)


@pytest.mark.parametrize("text", ["-roads", '-"new school"', "-bridge -route", "-roadss"])
def test_what_is_left_out_is_never_widened(text: str) -> None:
    assert found(text, value=TEXTS[0])
    assert {one.how for one in understand(text, WORDS, LANGUAGES).words} == {"excluded"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("09.1", code) for code in ("09.1", "091", "09.1.1", "09.01.2", "9-1", "09.1 X", "09-1-1")),
        *(("0901", code) for code in ("09.01", "0901.5", "0901", "09-01-7")),
        *(("1101-23-4", code) for code in ("1101-23-4", "1101.23.4", "1101234", "1101-23-4-5", "1101/023/04")),
        *(("901", code) for code in ("901", "9011", "9.01", "0901")),
        ("A/09", "A09"),
        ("a-9", "A.09.1"),
        ("０９．１", "09.1"),
        ("٠٩٫١", "09.1"),
        ("09.1*", "09.1.1"),
        ("09.1*", "0911"),
        ("3-2", "03.2.1"),
        ("10-1", "101"),
        ("A-2", "a2"),
        ("10-12", "10123"),
    ],
)
def test_a_code_is_found_by_its_beginning_whatever_separates_it(text: str, code: str) -> None:
    assert found(text, code=code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("09.1", code) for code in ("09.2", "9.10", "0910", "0911")),
        *(("10-1", code) for code in ("101234", "1.10", "10.10")),
        *(("3-2", code) for code in ("32", "3201", "3.21", "0321")),
        *[("1101-23-4", "1101-24-4"), ("901", "91")],
    ],
)
def test_other_codes_are_not_found(text: str, code: str) -> None:
    assert not found(text, code=code)


def test_a_number_is_also_a_word() -> None:
    understood = understand("2015", WORDS, LANGUAGES)
    assert understood.words[0].how == "code"
    assert matches(understood.tree, text="Plan 2015")
    assert matches(understand("-2015", WORDS, LANGUAGES).tree, text="Plan 2016", codes=["20150"])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("S8", "droga S-8"),
        ("S-8", "droga S8"),
        ("G40HF", "Glasgow G4 0HF"),
        ("2015GZ0044", "2015 GZ 0044"),
        ("covid-19", "Covid19"),
    ],
)
def test_a_code_is_found_in_a_text_whatever_separates_it(text: str, value: str) -> None:
    assert matches(understand(text, vocabulary_of(value), LANGUAGES).tree, text=value)


def test_and_may_also_be_an_ampersand() -> None:
    tree = understand("Guys and St Thomas", vocabulary_of("Guys & St Thomas"), ["en"]).tree
    assert matches(tree, text="Guys & St Thomas")
    assert not matches(understand("and", WORDS, ["en"]).tree, text="Guys & St Thomas")
    assert not matches(understand('"Guys and St"', WORDS, ["en"]).tree, text="Guys & St Thomas")


@pytest.mark.parametrize("text", ["", " ", "!!!", "- *", '""', "\u200f\u3000"])
def test_nothing_asked_is_nothing_understood(text: str) -> None:
    understood = understand(text, WORDS, LANGUAGES)
    assert (understood.tree, understood.words, understood.did_you_mean, understood.text) == (None, (), None, text)


def test_each_part_says_how_it_was_read() -> None:
    text = 'road schools 09.1 "new road" l\'eau -bridge sch* istan publca zzzzz'
    read = [(one.asked, one.how) for one in understand(text, WORDS, LANGUAGES).words]
    assert read == [
        ("road", "exact"),
        ("schools", "inflected"),
        ("09.1", "code"),
        ("new road", "phrase"),
        ("l'eau", "phrase"),
        ("bridge", "excluded"),
        ("sch", "begins"),
        ("istan", "begins"),
        ("publca", "typo"),
        ("zzzzz", "unknown"),
    ]


def _leaves(tree: Tree) -> Iterator[str]:
    match tree:
        case AllOf(parts, without):
            for one in (*parts, *without):
                yield from _leaves(one)
        case AnyOf(parts):
            for one in parts:
                yield from _leaves(one)
        case Words(forms) | Spoken(_, forms):
            yield from forms
        case Phrase(phrase):
            yield from phrase
        case Begins("text", start):
            yield start


TYPED = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab1 *-\"'“”«».,東٣éß\u0301\u200f", max_size=40),
    st.lists(st.sampled_from(" ".join(TEXTS).split()), max_size=6).map(" ".join),
)


@settings(max_examples=150, deadline=None)
@given(TYPED)
@example('"\u0301a"*-"')
@example("İ ŉ ǰ ΐ ﬃ ẞ ꭰ")
def test_any_text_is_understood_in_words_that_can_be_indexed(text: str) -> None:
    if len(text.split()) > MOST_WORDS // 2:
        text = " ".join(text.split()[: MOST_WORDS // 2])
    understood = understand(text, WORDS, LANGUAGES)
    assert (understood.tree is None) == (not words(text))
    for word in _leaves(understood.tree) if understood.tree else ():
        assert words(word) == [word]
