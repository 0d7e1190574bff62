"""What is said to people can be told in every language; what is kept is English, with the words."""

from __future__ import annotations

import ast
import copy
import json
import pickle
from string import Formatter
from typing import Any

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po

from openspending.fdp.catalogue import CATALOGUE
from openspending.fdp.problems import Report, problem, told_problem
from openspending.speaking import LANGUAGES, Said, said, together, told
from openspending.speaking.kept import again, apart
from openspending.speaking.languages import wanted
from openspending.speaking.said import as_words, of_words, sentences
from tests.speaking.spoken import SOURCE, calls, places, written

OTHERS = sorted(LANGUAGES.keys() - {"en"})
STRAY = problem("blank-row", file="<b>{x}</b>", row=3, count=2, rows="3, 4")


def catalog(language: str) -> list[Message]:
    with (SOURCE / "speaking" / "locale" / f"{language}.po").open("rb") as file:
        return [one for one in read_po(file, locale=language, abort_invalid=True) if one.id]


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_is_said_is_in_every_language_and_nothing_else_is(language: str) -> None:
    known = {str(one.id) for one in catalog(language)}
    assert {one: place for one, place in written().items() if one not in known} == {}
    assert known - written().keys() == set()


@pytest.mark.parametrize("language", OTHERS)
def test_translations_are_whole_and_have_the_same_places_for_words(language: str) -> None:
    wrong = [
        one.id
        for one in catalog(language)
        if one.fuzzy or not one.string or places(str(one.id)) != places(str(one.string))
    ]
    assert wrong == []


def test_words_are_written_so_that_they_can_be_read_back_from_json() -> None:
    forms = {place.partition(":")[2] for template in written() for place in places(template)}
    assert forms <= {"", ","}  # an exact amount comes as a text


def test_what_is_said_is_written_out_where_it_is_said() -> None:
    strange = [place for place, call in calls() if not (isinstance(call.args[0], ast.Constant) and len(call.args) == 1)]
    assert strange == []


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_kind_of_problem_is_told_in_spanish_with_its_words(code: str) -> None:
    kind = CATALOGUE[code]
    names = {name for one in (kind.message, kind.fix) for _, name, _, _ in Formatter().parse(one) if name}
    places_of_problem = ("file", "resource", "row", "field", "value", "count")
    given: dict[str, Any] = {"row": 7, "count": 2}
    parts = {"detail", "advice", "remedy"}  # sentences of ours
    given |= {name: said("{name} is no number", name=f"<{name}>") for name in names & parts}
    given |= {name: f"<{name}>" for name in names if name not in given}
    kept = json.loads(json.dumps(problem(code, **given).to_dict()))
    spanish = told_problem(kept, "es")
    assert spanish["language"] == "es"
    assert spanish["title"] != kind.title
    assert {name for name in places_of_problem if spanish.get(name) != kept.get(name)} == set()
    for name in names:
        assert told(given[name], "es") in spanish["message"] + spanish["fix"]
    assert {key: value for key, value in told_problem(kept, "en").items() if key != "language"} == kept


def test_a_problem_keeps_english_and_its_words() -> None:
    kept = STRAY.to_dict()
    assert (kept["message"], kept["words"]) == (
        "<b>{x}</b> has 2 empty rows, such as 3, 4; they were left out.",
        {"rows": "3, 4"},
    )
    assert told_problem(kept, "es")["message"] == "<b>{x}</b> tiene 2 filas vacías, como 3, 4; se omitieron."
    assert [one["language"] for one in Report([STRAY]).told("es")] == ["es"]


def test_what_was_kept_without_its_words_or_with_strange_ones_is_told_in_english() -> None:
    kept = STRAY.to_dict()
    older = {name: value for name, value in kept.items() if name != "words"}
    reworded = {**kept, "message": "What another release said."}
    forged = {**kept, "words": {"rows": {"says": "{x:>999999999}", "words": {"x": 1}}}}
    for one in (older, reworded, forged, {**kept, "code": "gone"}, {**kept, "words": ["x"]}, {**kept, "words": "x"}):
        assert told_problem(one, "es") == {**one, "language": "en"}


def test_parts_of_sentences_are_told_too() -> None:
    found = problem(
        "fiscal/unreadable-file",
        file="a.pdf",
        detail=said("it is {what}", what=said("a PDF")),
        remedy=said("Save it as UTF-8."),
    )
    kept = json.loads(json.dumps(found.to_dict()))
    assert kept["message"] == "a.pdf is not read: it is a PDF."
    assert told_problem(kept, "es")["message"] == "a.pdf no se lee: es un PDF."


def test_what_is_said_is_a_text_in_english() -> None:
    one = said("{name} is no number", name="{x}")
    assert (one, told(one, "en"), told(one, "es"), told("plain", "es")) == (
        "{x} is no number",
        "{x} is no number",
        "{x} no es un número",
        "plain",
    )
    assert json.dumps([one]) == '["{x} is no number"]'
    for other in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one)):
        assert told(other, "es") == told(one, "es")
    both = together(one, said("it is too large"), between="; ")
    assert (both, told(both, "es")) == ("{x} is no number; it is too large", "{x} no es un número; es demasiado grande")
    assert told(Said("never translated {a}", {"a": one}), "es") == "never translated {x} no es un número"


def test_words_are_read_back_as_they_were_written() -> None:
    words = {"detail": together(said("it is too large"), "and so on"), "count": 3, "none": None}
    again = of_words(json.loads(json.dumps(as_words(words))))
    assert again == words
    assert isinstance(again["detail"], Said)
    with pytest.raises(ValueError, match="nobody"):
        of_words({"detail": {"says": "nobody ever said this", "words": {}}})
    assert "it is too large" in sentences("es")


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("lang=es", "en", "es"),
        ("lang=xx", "es-MX,en;q=0.5", "es"),
        ("", "fr, en;q=0.3, es;q=0.8", "es"),
        ("", "es;q=0, en", "en"),
        ("", "", "en"),
    ],
)
def test_a_request_says_its_language_in_its_query_or_its_header(query: str, header: str, language: str) -> None:
    assert wanted(query, header) == language


def test_what_is_said_inside_of_json_is_kept_beside_it() -> None:
    tree = {"a/b": [said("it is too large"), {"n": 1, "x": "plain"}], "c": (said("{name} is no number", name="{x}"),)}
    beside = json.loads(json.dumps(apart(tree)))
    stored = json.loads(json.dumps(tree))
    assert set(beside) == {"/a~1b/0", "/c/0"}
    found = again(stored, beside)
    assert found == stored == {"a/b": ["it is too large", {"n": 1, "x": "plain"}], "c": ["{x} is no number"]}
    assert [told(one, "es") for one in (found["a/b"][0], found["c"][0], found["a/b"][1]["x"])] == [
        "es demasiado grande",
        "{x} no es un número",
        "plain",
    ]
    forged = {"/a~1b/0": {"says": "{x:>99999999}", "words": {"x": 1}}, "/c/0": {"says": "it is too large", "words": {}}}
    assert again(stored, forged) == stored
    assert not isinstance(again(stored, forged)["c"][0], Said)
