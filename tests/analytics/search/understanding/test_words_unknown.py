"""A word that is nowhere is read as the beginning of one, as made of others, or as misspelled."""

from __future__ import annotations

import pytest

from openspending.analytics.search.understanding import Understood, understand
from tests.analytics.search.understanding.vocabularies import matches, vocabulary_of

WORDS = vocabulary_of(
    *["carreteras"] * 3,
    "carretera municipal hospital administración government Straßen Bau Haushaltsplan Schule Haus",
    "Feuerwehr Versicherung Κύπρος δημοτικός общественный община Landwirtschaft drogi wydatki tie rautatie",
    *["road"] * 5,
    "roads broad bridge 2015 covid19",
)


def read(text: str, *languages: str) -> Understood:
    return understand(text, WORDS, languages)


@pytest.mark.parametrize("text", ["hosp", "feuer", "Land", "дорогa*", "δημ"])
def test_the_beginning_of_a_word_finds_it_when_it_is_no_word_itself(text: str) -> None:
    assert read(text).words[0].how == "begins"


def test_a_beginning_has_three_letters_unless_it_is_asked_for() -> None:
    assert read("ho").words[0].how == "exact"
    assert matches(read("ho*").tree, text="Hospital")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Straßenbau", ("strassen", "bau")),
        ("Feuerwehrhaus", ("feuerwehr", "haus")),
        ("Landwirtschaftsschule", ("landwirtschaft", "schule")),
        ("Feuerwehrversicherung", ("feuerwehr", "versicherung")),
    ],
)
def test_a_word_made_of_two_finds_both(text: str, parts: tuple[str, str]) -> None:
    understood = read(text, "de")
    assert (understood.words[0].how, understood.words[0].forms) == ("compound", parts)
    assert matches(understood.tree, text=f"{parts[1]} x {parts[0]}")
    assert matches(understood.tree, text=text)  # where titles are looked at, it may be there
    assert not matches(understood.tree, text=parts[0])


@pytest.mark.parametrize("text", ["Haushalts plan", "Haushalt plan", "HAUSHALTS PLAN"])
def test_two_words_find_the_one_that_they_make_together(text: str) -> None:
    understood = read(f"2015 {text} xyzzy")
    assert [one.how for one in understood.words] == ["code", "compound", "unknown"]
    assert matches(read(text).tree, text="Haushaltsplan")
    assert understood.words[1].asked == text


def test_two_words_that_are_there_stay_two() -> None:
    assert [one.how for one in understand("haus halt", vocabulary_of("haus halt haushalt"), ["de"]).words] == [
        "exact"
    ] * 2


def test_words_without_a_space_may_also_be_written_as_one() -> None:
    tree = read("Haushalts-plan").tree
    assert matches(tree, text="der Haushaltsplan")
    assert matches(tree, text="Haushalts-Plan")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("carretras", "carreteras"),
        ("caretera", "carretera"),
        ("acrretera", "carretera"),
        ("crretera", "carretera"),
        ("corretera", "carretera"),
        ("karretera", "carretera"),
        ("ospital", "hospital"),
        ("muncipal", "municipal"),
        ("adminstracoin", "administracion"),
        ("goverment", "government"),
        ("Feurwehr", "feuerwehr"),
        ("Κιπρος", "κυπροσ"),
        ("общиственный", "общественныи"),
        ("wydtaki", "wydatki"),
        ("raod", "road"),
        ("brigde", "bridge"),
    ],
)
def test_a_misspelled_word_is_what_it_was_meant_to_be(text: str, meant: str) -> None:
    understood = read(text)
    assert (understood.words[0].how, understood.words[0].forms[0]) == ("typo", meant)
    assert understood.did_you_mean == meant
    assert matches(understood.tree, text=meant)


def test_of_two_words_as_near_the_one_of_most_lines_is_meant() -> None:
    assert read("roaf").words[0].forms[0] == "road"


@pytest.mark.parametrize("text", ["rod", "xyzzy", "hpsoital", "20155", "covid18", "qqqqqqqqqq", "x" * 300])
def test_what_is_too_far_from_everything_is_unknown_and_finds_nothing(text: str) -> None:
    understood = read(text)
    assert understood.words[0].how in {"unknown", "code"}
    assert understood.did_you_mean is None
    assert not matches(understood.tree, text="road hospital")


def test_a_corrected_text_keeps_everything_else_as_it_was_typed() -> None:
    text = '  "New  Road" -Brigde, (caretera) * hosp Muncipal!'
    assert read(text).did_you_mean == '  "New  Road" -Brigde, (carretera) * hosp municipal!'


def test_a_misspelled_word_stands_for_the_forms_of_what_was_meant() -> None:
    assert read("carretras", "es").words[0].forms == ("carreteras", "carretera")


def test_words_that_are_there_are_never_widened() -> None:
    assert read("broad").words[0].forms == ("broad",)
    assert not matches(read("tie", "fi").tree, text="rautatie")


def test_a_word_costs_few_look_ups() -> None:
    asked: list[str] = []

    def counted(start: str, limit: int) -> list[tuple[str, int]]:
        asked.append(start)
        return list(WORDS(start, limit))

    understand("road", counted, ["en"])
    assert len(asked) == 1
    asked.clear()
    understand("krankenhausverwaltungx", counted, ["en", "de", "es", "fr", "fi", "hr"])
    assert len(asked) <= 25
    assert len(set(asked)) == len(asked)


def test_a_word_that_sounds_the_same_is_meant_rather_than_two_others() -> None:
    vocabulary = vocabulary_of("vodafone", *["voda", "phone"] * 9)
    assert understand("vodaphone", vocabulary, ["en"]).words[0].forms == ("vodafone",)


def test_a_compound_may_also_be_misspelled_where_it_was_published() -> None:
    understood = understand("springboard", vocabulary_of("sprinboard", *["spring", "board"] * 9), ["en"])
    assert understood.words[0].how == "compound"
    assert matches(understood.tree, text="Sprinboard")
