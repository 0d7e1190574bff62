"""What the forms of files and columns say: answers to questions, by the ids that the APIs gave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

NOTHING: Final = "nothing"
OWN: Final = ("unit", "currency", "direction", "phase")  # what each column of amounts may have of its own
MONEY: Final = (*OWN, "year")
READING: Final = ("encoding", "delimiter", "header", "table", "parts", "facts", "rows", "wide", "join", "renamed")


def answered(fields: list[tuple[str, str]], result: Mapping[str, Any], before: Mapping[str, str]) -> dict[str, str]:
    """The answers with what a form says. A field `answer` has its question in the field `question` before it; what is
    as it was proposed is no answer, so that a later file may be understood otherwise."""
    shown = {**dict(_settled(result)), **before}
    found = dict(before)
    question = ""
    for name, value in fields:
        if name == "question":
            question = value
        elif name.startswith("answer") and question:
            said = value.strip()
            if said == "" and is_money(question):
                found.pop(question, None)
            elif said and said != shown.get(question):
                found[question] = said
            question = ""
    return found


def is_money(question: str) -> bool:
    """Whether a question is about the money of all amounts, or of one column's: nothing has to be said of it."""
    return question in MONEY or (question.startswith("column:") and question.rpartition(":")[2] in OWN)


def _settled(result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was decided without a person."""
    yield from ((str(one["id"]), str(one["value"])) for one in result["decisions"])


def of_reading(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The decisions on how the files are read that could be taken otherwise."""
    return [one for one in result["decisions"] if _kind(one) in READING and len(one["choices"]) > 1]


def of_columns(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The decisions on how cells are written that could be taken otherwise."""
    return [
        one
        for one in result["decisions"]
        if _kind(one) == "column"
        and not one["id"].endswith(":role")
        and len(one["choices"]) > 1
        and not is_money(str(one["id"]))
    ]


def _kind(decision: Mapping[str, Any]) -> str:
    return str(decision["id"]).partition(":")[0]
