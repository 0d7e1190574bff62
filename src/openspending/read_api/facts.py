"""`…/facts`: the facts themselves, each with its place in the source file (OSEP-1: REST-object API)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from openspending.analytics import canonical, factpages, refs
from openspending.analytics.exports.table import Column, Table
from openspending.analytics.factsql import Place
from openspending.analytics.livecubes import Opened
from openspending.analytics.query import Condition, FactsQuery
from openspending.analytics.refs import Selected
from openspending.read_api import cursors
from openspending.read_api.asked import MOST_ROWS, Asked
from openspending.read_api.described import canonical_url, column_of, columns_json, meta_of
from openspending.read_api.respond import Question, Result, root

PARAMETERS: Final = (*("fields", "cut", "order", "count", "pagesize", "cursor"), *("format", "numbers", "bom", "safe"))
PAGE: Final = 100
LINEAGE: Final = ("_file", "_sheet", "_row", "_rid")


def result(question: Question, opened: Opened) -> Result:
    """The answer to a question for facts. Raises BadQueries."""
    whole = question.format.name != "json"
    asked = asked_of(question.asked, opened, whole=whole)
    answer = _Answer(question, opened, asked)
    return Result(answer.body, answer.table, answer.meta, 0 if whole else len(answer.page.facts))


@dataclass(frozen=True, slots=True)
class AskedFacts:
    """A question for facts that was understood. `size` None: all of them."""

    query: FactsQuery
    fields: tuple[Selected, ...]
    size: int | None
    after: Place | None
    counted: bool
    parameters: Mapping[str, str]
    id: str


def asked_of(asked: Asked, opened: Opened, *, whole: bool) -> AskedFacts:
    """What the parameters ask of this cube. Raises BadQueries."""
    model = opened.cube.model
    wanted, order = asked.refs("fields"), asked.order()
    fields: tuple[Selected, ...] = ()
    cuts: tuple[Condition, ...] = ()
    with asked.blaming("fields"):
        fields = refs.fields(model, wanted or _every(opened))
    with asked.blaming("cut"):
        cuts = opened.cube.checked(asked.conditions())
    with asked.blaming("order"):
        refs.fact_sorting(model, order)
    size = asked.number("pagesize", None if whole else PAGE, 1_000_000_000 if whole else MOST_ROWS)
    counted = asked.choice("count", ("exact", "none"), "exact") == "exact"
    asked.settle()
    parameters = {
        "fields": "|".join(one.key for one in fields) if wanted else "",
        "cut": canonical.cut_text(cuts, model),
        "order": canonical.order_text(order),
    }
    id_ = canonical.query_id({"revision": opened.revision.hash, "facts": parameters})
    after: Place | None = None
    with asked.blaming("cursor"):
        cursor = asked.text("cursor")
        after = None if cursor is None else cursors.place_of(cursor, id_, len(order) + 1)
    asked.settle()
    query = FactsQuery(tuple(one.key for one in fields), cuts, order)
    return AskedFacts(query, fields, size, after, counted, parameters, id_)


def _every(opened: Opened) -> tuple[str, ...]:
    """All columns: attributes, what no concept describes, measures, and where the fact stands in its source."""
    model = opened.cube.model
    others = [one for one in model.further if one not in LINEAGE]
    lineage = [one for one in LINEAGE if one in model.further]
    return (*model.dimensions, *others, *model.measures, *lineage)


@dataclass(frozen=True)
class _Answer:
    """The parts of an answer, each made when its format needs it."""

    question: Question
    opened: Opened
    asked: AskedFacts

    @cached_property
    def page(self) -> factpages.FactPage:
        asked = self.asked
        return factpages.page(self.opened.cube, asked.query, asked.after, PAGE if asked.size is None else asked.size)

    @cached_property
    def count(self) -> int | None:
        if not self.asked.counted:
            return None
        if not self.asked.query.cuts:
            return self.opened.built.facts
        return factpages.count(self.opened.cube, self.asked.query)

    @cached_property
    def columns(self) -> Sequence[Column]:
        return [column_of(one.concept, self.opened, one.key) for one in self.asked.fields]

    @cached_property
    def meta(self) -> dict[str, Any]:
        further = {"parameters": self.asked.parameters, "query": self.asked.id, "warnings": []}
        return meta_of(self.opened, self.question, self.count, further)

    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        end = self.page.end
        return {
            "data": self.page.facts,
            "total": self.count,
            "count": "exact" if self.asked.counted else "none",
            "returned": len(self.page.facts),
            "next": None if end is None else self._next(end),
            "columns": columns_json(self.columns),
            "links": {"fact": f"{root(self.opened.revision)}/facts/{{_rid}}"},
            "meta": self.meta,
        }

    def table(self) -> Table:
        """All facts as a stream, or those of a page when its size was asked for."""
        asked = self.asked
        facts = factpages.reader(self.opened.cube, asked.query, asked.after, asked.size)
        return Table.from_reader(facts, self.columns, self.count if asked.size is None else None)

    def _next(self, end: Sequence[str | int | None]) -> str:
        parameters = dict(self.asked.parameters) | {
            "count": "" if self.asked.counted else "none",
            "pagesize": str(self.asked.size),
            "cursor": cursors.written(self.asked.id, end),
        }
        return canonical_url(self.question, parameters)
