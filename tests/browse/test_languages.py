"""The pages' languages: nothing that they say is left in English where it has been translated elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po

from openspending.browse import languages, locales
from openspending.browse.money import kind, lines
from tests.browse.reading import Browser, Reader
from tests.browse.sentences import ROOT, of_pages, of_scripts, placeholders, untranslatable, written_in_scripts

SPANISH = ROOT / "src" / "openspending" / "browse" / "locale" / "es.po"
SCRIPTS = ROOT / "frontend" / "src" / "words.es.json"


@pytest.fixture(autouse=True)
def _in_english_again() -> object:
    yield
    languages.speak("en")


def catalog() -> list[Message]:
    with SPANISH.open("rb") as file:
        return [one for one in read_po(file, locale="es", abort_invalid=True) if one.id]


def written(one: Message) -> tuple[str, ...]:
    return tuple(one.string) if isinstance(one.string, tuple | list) else (one.string or "",)


def forms(sentence: str | Sequence[str]) -> tuple[str, ...]:
    return (sentence,) if isinstance(sentence, str) else tuple(sentence)


def test_every_sentence_of_the_pages_is_in_spanish_and_no_other() -> None:
    said = {sentence: place for place, sentence in of_pages()}
    known = {one.id if isinstance(one.id, str) else tuple(one.id) for one in catalog()}
    assert {sentence: place for sentence, place in said.items() if sentence not in known} == {}
    assert known - said.keys() == set()


def test_templates_say_nothing_that_cannot_be_translated() -> None:
    assert list(untranslatable()) == []


def test_every_spanish_sentence_is_whole_and_fills_in_what_the_english_one_does() -> None:
    wrong = [
        (one.id, text)
        for one in catalog()
        for english, text in zip(forms(one.id), written(one), strict=True)
        if not text or one.fuzzy or placeholders(text) != placeholders(english)
    ]
    assert wrong == []


def test_spanish_sentences_have_the_markup_of_the_english_ones() -> None:
    def markup(text: str) -> list[str]:
        return sorted(re.findall(r"<[^>]*>", text))

    assert [one.id for one in catalog() if isinstance(one.id, str) and markup(one.id) != markup(written(one)[0])] == []


def test_every_sentence_of_the_scripts_is_in_spanish_and_no_other() -> None:
    known = json.loads(SCRIPTS.read_text(encoding="utf-8"))
    said = {sentence: place for place, sentence in of_scripts()}
    assert {sentence: place for sentence, place in said.items() if sentence not in known} == {}
    assert [one for one in known if one not in written_in_scripts()] == []
    for english, spanish in known.items():
        for form in spanish.values() if isinstance(spanish, dict) else (spanish,):
            assert form
            assert placeholders(form) <= placeholders(english) | {"n"}, english


def test_amounts_keep_all_their_digits_in_every_language() -> None:
    languages.speak("es")
    assert locales.number("-1234567.50") == "-1.234.567,50"
    assert locales.number(Decimal("123456789012345678901234567890.12345")) == (
        "123.456.789.012.345.678.901.234.567.890,12345"
    )
    assert locales.in_line(["1", "–", "2.25", "1000"]) == ["1,00", "–", "2,25", "1.000,00"]
    assert locales.number("<b>") == "<b>"
    assert locales.number("0") == "0"
    languages.speak("en")
    assert locales.number("1234567.50") == "1,234,567.50"
    assert locales.number("00.5") == "0.5"


def test_the_world_is_called_as_readers_call_it() -> None:
    assert (locales.country("GB"), locales.date("2026-11-26T19:00:00Z")) == ("United Kingdom", "26 Nov 2026")
    assert locales.moment("2026-11-26T19:05:00Z") == "26 Nov 2026, 19:05 UTC"
    languages.speak("es")
    assert (locales.country("gb"), locales.currency("MXN")) == ("Reino Unido", "peso mexicano")
    assert locales.date("2026-11-26") == "26 nov 2026"
    assert [locales.country(one) for one in ("<b>", "XX", "")] == ["<b>", "XX", ""]
    assert (locales.currency("<b>"), locales.date("soon")) == ("<b>", "soon")


def test_what_money_is_has_its_words_in_each_languages_order() -> None:
    said = {"phase": "executed", "direction": "expenditure", "measure": "Executed expenditure"}
    assert (kind(said), lines(1), lines(1000)) == ("executed expenditure", "1 line", "1,000 lines")
    languages.speak("es")
    assert (kind(said), lines(1), lines(1000)) == ("gasto ejecutado", "1 línea", "1.000 líneas")
    assert kind({"phase": "vinkelbold", "direction": "revenue"}) == "ingreso vinkelbold"


@pytest.mark.slow
def test_a_page_is_in_the_language_that_is_chosen_and_keeps_it(browser: Browser) -> None:
    answer = browser.get("/search?q=services&lang=es", headers={"Accept-Language": "en"})
    shown = Reader(answer.text)
    assert answer.headers["content-language"] == "es"
    assert '<html lang="es" dir="ltr">' in answer.text
    assert "2.580 líneas" in shown.text
    assert "Acotar" in shown.text
    assert "/search?q=services&year=2008&lang=es" in shown.links
    assert '<input type="hidden" name="lang" value="es">' in answer.text
    assert "gasto" in Reader(browser.get("/search?q=educacion", headers={"Accept-Language": "es-MX"}).text).text
    assert browser.get("/search?q=x&lang=xx").headers["content-language"] == "en"


@pytest.mark.slow
def test_what_the_api_says_on_a_page_is_in_the_language_of_the_page(browser: Browser) -> None:
    spanish = browser.get("/demo/money?lang=es", headers={"Accept-Language": "en"})
    shown = Reader(spanish.text).text
    assert "Importes en varias monedas" in shown
    assert "Consulte una moneda cada vez, o publique un conjunto de datos por cada una." in shown
    assert len(re.findall(r'(?<!href)lang="en"', spanish.text)) == 1  # the link to the page in English
    refused = browser.get("/search?lang=es&q=" + "+".join("abcdefghijklmnopqrstuvwxyz" * 20))
    assert "Amounts in several currencies" in Reader(browser.get("/demo/money").text).text
    assert "Se pueden buscar como máximo" in Reader(refused.text).text
    assert len(re.findall(r'(?<!href)lang="en"', refused.text)) == 1
