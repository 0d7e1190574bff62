"""What the columns mean: questions first, then a card for each column, and what holds for all amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from babel.numbers import list_currencies

from openspending.browse.languages import gettext as _
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.answers import MONEY, NOTHING, answered, of_columns
from openspending.browse.wizard.kinds import cards, title_of
from openspending.browse.wizard.where import after
from openspending.browse.wizard.writing import Draft, draft_of, step_page, tried, write
from openspending.client import ApiError

UNITS: Final = ("1", "100", "1000", "1000000", "1000000000")
DIRECTIONS: Final = ("expenditure", "revenue")
CODE: Final = 3  # letters of a currency
PHASES: Final = ("proposed", "approved", "adjusted", "executed")


async def columns_page(visit: Visit) -> Answer:
    """The questions and the cards."""
    draft = await draft_of(visit)
    if draft.result is None:
        return visit.sent_on(draft.href)
    return await _shown(visit, draft, draft.answers)


async def map_columns(visit: Visit) -> Answer:
    """Take what the form says, and try the import again where that is something else."""
    draft = await draft_of(visit)
    if draft.result is None:
        return visit.sent_on(draft.href)
    titles = {title: name for name, title in (await _titles(visit)).items()}
    given = [(name, titles.get(value.strip(), value)) for name, value in visit.form]
    answers = _in_capitals(answered(given, draft.result, draft.answers))
    wrong = _unknown(answers, set(titles.values())) | _no_money(answers) | _unanswered(draft, answers)
    if wrong:
        return await _shown(visit, draft, answers, 400, faults=wrong)
    if answers == dict(draft.answers) and draft.outcome in ("planned", "rejected"):
        return visit.sent_on(f"{draft.href}/result")
    try:
        return after(visit, await tried(visit, await write(visit, draft, answers=answers), "columns"))
    except ApiError as error:
        return await _shown(visit, draft, answers, error.status, problem=error.detail)


def _unknown(answers: Mapping[str, str], names: set[str]) -> dict[str, str]:
    """What is no ColumnType, by its question; one's own may begin as one that there is."""
    return {
        question: _("There is no such meaning. Write what the column is, and choose from the list.")
        for question, value in answers.items()
        if question.startswith("column:")
        and question.endswith(":role")
        and value != NOTHING
        and not any(value == one or value.startswith(f"{one.rpartition(':')[0]}:") for one in names)
    }


def _unanswered(draft: Draft, answers: Mapping[str, str]) -> dict[str, str]:
    """The questions that were shown, and to which nothing was said."""
    asked = draft.result["questions"] if draft.result is not None and draft.outcome == "questions" else ()
    return {one["id"]: _("Choose one of these first.") for one in asked if one["id"] not in answers}


def _in_capitals(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers, with codes of currencies as they are written."""
    return {one: value.upper() if _is_currency(one) and len(value) == CODE else value for one, value in answers.items()}


def _no_money(answers: Mapping[str, str]) -> dict[str, str]:
    """What is no currency, or no year, by its question."""
    known = set(list_currencies())
    wrong = {
        question: _("Write the three letters of the currency, such as EUR, or choose it from the list.")
        for question, value in answers.items()
        if _is_currency(question) and len(value) != CODE and value not in known
    }
    year = answers.get("year", "")
    if year and not re.fullmatch(r"[12][0-9]{3}", year):
        wrong["year"] = _("Write the year with four digits, such as 2025.")
    return wrong


def _is_currency(question: str) -> bool:
    return question == "currency" or (question.startswith("column:") and question.endswith(":currency"))


async def _shown(visit: Visit, draft: Draft, answers: Mapping[str, str], status: int = 200, **words: Any) -> Answer:
    result = draft.result
    assert result is not None
    titles = await _titles(visit)
    writing = of_columns(result)
    tables = [{**one, "cards": cards(one, titles, answers, writing)} for one in result["tables"]]
    questions = [] if draft.outcome == "planned" else [_question(one, titles) for one in result["questions"]]
    asked = {one["id"] for one in questions}
    amounts = _amounts(result, answers)
    return step_page(
        visit,
        draft,
        "columns",
        status,
        tables=tables,
        questions=questions,
        asked=asked,
        answers=answers,
        titles=titles,
        amounts=amounts,
        missing=[name for name in ("currency", "year") if amounts[name]["missing"]],
        units=UNITS,
        directions=DIRECTIONS,
        phases=PHASES,
        currencies=sorted(list_currencies()),
        failed=draft.job["error"] if draft.job is not None and draft.outcome == "failed" else "",
        **words,
    )


def _question(one: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    choices = [{**each, "title": each.get("label") or title_of(str(each["value"]), titles)} for each in one["choices"]]
    return {**one, "choices": choices}


def _amounts(result: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """What holds for all amounts: each with its value, why, and whether somebody said it."""
    decided = {str(one["id"]): one for one in result["decisions"]}
    found: dict[str, dict[str, Any]] = {}
    for name in MONEY:
        one = decided.get(name)
        found[name] = {
            "missing": False,
            "value": answers.get(name, "" if one is None else str(one["value"])),
            "reason": "" if one is None else str(one["reason"]),
        }
    dated = _dated(result)
    if not _same_year(result) and "year" not in answers:
        found["year"]["value"] = ""
    found["year"]["asked"] = bool(found["year"]["value"]) or not dated
    if not dated and not found["year"]["value"]:
        found["year"] |= {"reason": _("No column says of which year the amounts are. Say it here."), "missing": True}
    if _no_currency(result) and not found["currency"]["value"]:
        found["currency"] |= {"reason": _("Nothing in the file says it. Say it here."), "missing": True}
    return found


def _dated(result: Mapping[str, Any]) -> bool:
    """Whether anything tells the time of the amounts."""
    schemas = [one.get("schema", {}) for one in result["package"]["resources"]]
    fields = [field for one in schemas for name in ("fields", "extraFields") for field in one.get(name) or ()]
    return any(str(one.get("columnType") or "").startswith("date:") for one in fields)


def _same_year(result: Mapping[str, Any]) -> bool:
    """Whether no column tells the year, but the banner or the file's name."""
    fields = [field for one in result["package"]["resources"] for field in one.get("schema", {}).get("extraFields", ())]
    return any(one.get("columnType") == "date:fiscal-year" and one.get("constant") is not None for one in fields)


def _no_currency(result: Mapping[str, Any]) -> bool:
    """Whether there are amounts of which nobody knows the currency."""
    fields = [field for one in result["package"]["resources"] for field in one.get("schema", {}).get("fields", ())]
    kinds = [str(one.get("columnType") or "") for one in fields]
    amounts = [one for one in fields if one.get("columnType") == "value" or one.get("normalize") is not None]
    return any(not one.get("currency") for one in amounts) and not any(
        one.startswith("value-currency") for one in kinds
    )


async def _titles(visit: Visit) -> dict[str, str]:
    """What each ColumnType is called."""
    return {str(one["name"]): str(one["title"]) for one in (await visit.client.ask("/v1/column-types"))["data"]}
