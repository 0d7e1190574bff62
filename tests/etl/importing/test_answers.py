"""Who answers a proposal: a person before the recipe, the recipe before a sure proposal; else it stays open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.importing.answers import Answers, WrongAnswer

CHOICES = (Choice("utf-8", 90, "its bytes are UTF-8"), Choice("latin-1", 10, "every byte is a letter of it"))
SURE = Proposal("encoding", "Which encoding is it?", CHOICES)
OPEN = replace(SURE, choices=(Choice("utf-8", 60, "no evidence"), CHOICES[1]))


def test_a_person_comes_before_the_recipe_and_the_recipe_before_a_sure_proposal() -> None:
    said = Answers(given={"encoding": "latin-1"}, settled={"encoding": "utf-8"})
    settled = Answers(settled={"encoding": "latin-1"})
    alone = Answers()

    found = [(one.answer(SURE).value, one.decisions[0].by) for one in (said, settled, alone)]

    assert found == [("latin-1", "person"), ("latin-1", "recipe"), ("utf-8", "proposal")]


def test_a_sure_proposal_is_never_asked_and_one_that_is_not_sure_always_is() -> None:
    asked: list[str] = []

    def ask(proposal: Proposal) -> str:
        asked.append(proposal.id)
        return "latin-1"

    answers = Answers(ask=ask)
    values = [answers.answer(one).value for one in (SURE, replace(OPEN, id="other"))]

    assert (values, asked) == (["utf-8", "latin-1"], ["other"])
    assert [one.by for one in answers.decisions] == ["proposal", "person"]


def test_without_anybody_to_ask_all_questions_stay_open_and_work_goes_on_with_the_likeliest_answers() -> None:
    answers = Answers()

    values = [one.value for one in answers.answer_all([OPEN, replace(OPEN, id="other")])]

    assert values == ["utf-8", "utf-8"]
    assert [one.id for one in answers.questions] == ["encoding", "other"]
    assert answers.decisions == []


def test_a_question_that_changes_nothing_that_counts_is_not_asked() -> None:
    answers = Answers()

    answers.answer(replace(OPEN, blocking=False))

    assert answers.questions == []


@pytest.mark.parametrize("by", ["given", "settled"])
def test_an_answer_that_is_none_of_the_choices_is_refused_with_the_choices(by: str) -> None:
    answers = Answers(**{by: {"encoding": "klingon"}})  # type: ignore[arg-type]

    with pytest.raises(WrongAnswer, match=r"“klingon” is no answer to “encoding”.*“utf-8”, “latin-1”"):
        answers.answer(SURE)


def test_case_and_outer_spaces_of_an_answer_do_not_matter() -> None:
    assert Answers(given={"encoding": " LATIN-1 "}).answer(SURE).value == "latin-1"


def test_answers_that_nothing_asked_for_are_known() -> None:
    answers = Answers(given={"encoding": "utf-8", "encodign": "utf-8", "unit": "1000"})

    answers.answer(SURE)
    answers.said("unit")

    assert answers.unused() == ["encodign"]


def test_who_is_lenient_leaves_aside_what_fits_no_more_and_what_nothing_asks_for() -> None:
    answers = Answers(given={"encoding": "klingon", "gone": "x"}, lenient=True)

    assert answers.answer(OPEN).value == "utf-8"
    assert [one.id for one in answers.questions] == ["encoding"]
    assert (answers.aside, answers.unused()) == (["encoding"], ["gone"])
