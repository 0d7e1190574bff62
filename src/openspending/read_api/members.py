"""`…/members/{ref}`: the members of a dimension, or the values of an attribute, each with the number of its facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from openspending.analytics.cubemodel import COUNT
from openspending.analytics.livecubes import Opened
from openspending.read_api import aggregate
from openspending.read_api.asked import extension
from openspending.read_api.respond import Question, Result

PARAMETERS: Final = (*("cut", "order", "pagesize", "cursor"), *("format", "numbers", "bom", "safe"))
_IMPLIED: Final = frozenset({"drilldown", "aggregates"})


def result_of(ref: str) -> Callable[[Question, Opened], Result]:
    """What answers a question for the members of `ref`, to which the extension of a format may be added."""

    def result(question: Question, opened: Opened) -> Result:
        suffix = extension(question.request)
        values = {"drilldown": ref.removesuffix(f".{suffix}") if suffix else ref, "aggregates": COUNT}
        found = replace(question.asked, values={**question.asked.values, **values})
        asked = replace(aggregate.asked_of(found, opened, whole=question.format.name != "json"), implied=_IMPLIED)
        return aggregate.answer_of(question, opened, asked, opened.cube.aggregate(asked.query), {"warnings": []})

    return result
