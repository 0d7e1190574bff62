"""`…/aggregate`: sums of a dataset's facts, each cell with a link to the facts that make it (OSEP-1: Aggregate API)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from openspending.analytics import canonical, refs
from openspending.analytics.cube import Aggregated
from openspending.analytics.cubemodel import COUNT, Aggregate
from openspending.analytics.exports.table import Column, Table
from openspending.analytics.guards import guard
from openspending.analytics.livecubes import Opened
from openspending.analytics.query import AggregateQuery, Condition, Page
from openspending.analytics.refs import Selected
from openspending.read_api import cursors
from openspending.read_api.asked import MOST_ROWS, Asked
from openspending.read_api.described import canonical_url, column_of, columns_json, meta_of
from openspending.read_api.respond import Question, Result, root

PARAMETERS: Final = (
    *("drilldown", "cut", "aggregates", "order", "allow", "pagesize", "cursor"),
    *("format", "numbers", "bom", "safe"),
)
PAGE: Final = 100
EVERY: Final = 1_000_000_000  # rows: no page at all
SAFE: Final = ":|,;.()!~="  # left readable in links; servers refuse “<” and “>” in an address


def result(question: Question, opened: Opened) -> Result:
    """The answer to an aggregate question. Raises BadQueries, or Mixed when sums would mix what excludes each other."""
    asked = asked_of(question.asked, opened, whole=question.format.name != "json")
    stamps = guard.judged(
        asked.query,
        opened.cube.roles,
        opened.cube.model,
        allow_mixed=asked.mixed,
        cells=guard.counting(opened.cube, asked.query),
    )
    found = opened.cube.aggregate(asked.query)
    link = f"{root(opened.revision)}/receipt?{canonical_url(question, asked.parameters).partition('?')[2]}"
    return answer_of(question, opened, asked, found, {"warnings": [one.to_json() for one in stamps], "receipt": link})


def answer_of(
    question: Question, opened: Opened, asked: AskedAggregate, found: Aggregated, further: Mapping[str, Any]
) -> Result:
    """The answer with the cells of `found`, whose `meta` has `further` things to say."""
    answer = _Answer(question, opened, asked, found, further)
    return Result(answer.body, answer.table, answer.meta, len(found.cells))


@dataclass(frozen=True, slots=True)
class AskedAggregate:
    """An aggregate query that was understood: with typed cuts, and its canonical parameters; `implied` are those that
    the path says already."""

    query: AggregateQuery
    groups: tuple[Selected, ...]
    aggregates: tuple[Aggregate, ...]
    mixed: bool
    parameters: Mapping[str, str]
    id: str
    implied: frozenset[str] = frozenset()

    @property
    def shown(self) -> dict[str, str]:
        """The parameters as links have them."""
        return {name: value for name, value in self.parameters.items() if name not in self.implied}


def asked_of(asked: Asked, opened: Opened, *, whole: bool) -> AskedAggregate:
    """What the parameters ask of this cube; without `pagesize` a `whole` result has all cells. Raises BadQueries."""
    model = opened.cube.model
    drilldowns, wanted, order = asked.refs("drilldown"), asked.refs("aggregates"), asked.order()
    groups: tuple[Selected, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    cuts: tuple[Condition, ...] = ()
    with asked.blaming("drilldown"):
        groups = refs.drilldowns(model, drilldowns)
    with asked.blaming("aggregates"):
        aggregates = refs.aggregates(model, (*(wanted or _sums(opened)), COUNT))
    with asked.blaming("cut"):
        cuts = opened.cube.checked(asked.conditions())
    with asked.blaming("order"):
        refs.cell_sorting(model, order, groups)
    mixed = asked.choice("allow", ("mixed",), "") == "mixed"
    size = asked.number("pagesize", EVERY if whole else PAGE, EVERY if whole else MOST_ROWS)
    asked.settle()
    parameters = {
        "drilldown": "|".join(one.key for one in groups),
        "cut": canonical.cut_text(cuts, model),
        "aggregates": "|".join(one.ref for one in aggregates),
        "order": canonical.order_text(order),
        "allow": "mixed" if mixed else "",
    }
    id_ = canonical.query_id({"revision": opened.revision.hash, "aggregate": parameters})
    offset = 0
    with asked.blaming("cursor"):
        offset = cursors.offset_of(asked.text("cursor"), id_)
    asked.settle()
    names = tuple(one.ref for one in aggregates)
    query = AggregateQuery(drilldowns, names, cuts, order, Page(size=size or 0, start=offset))
    return AskedAggregate(query, groups, aggregates, mixed, parameters, id_)


def _sums(opened: Opened) -> tuple[str, ...]:
    """What is computed unless it is said. The number of facts always is."""
    return tuple(f"{one}.sum" for one in opened.cube.model.measures)


@dataclass(frozen=True)
class _Answer:
    """The parts of an answer, each made when its format needs it."""

    question: Question
    opened: Opened
    asked: AskedAggregate
    found: Aggregated
    further: Mapping[str, Any]

    @cached_property
    def columns(self) -> list[Column]:
        groups = [column_of(one.concept, self.opened, one.key) for one in self.asked.groups]
        return groups + [column_of(one, self.opened) for one in self.asked.aggregates]

    @cached_property
    def meta(self) -> dict[str, Any]:
        further = {"parameters": self.asked.shown, "query": self.asked.id, "plan": self.found.plan, **self.further}
        return meta_of(self.opened, self.question, self.found.summary[COUNT], further)

    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        page = self.asked.query.page
        ends = page.offset + len(self.found.cells)
        more = len(self.found.cells) > 0 and ends < self.found.total
        return {
            "data": [cell | {"rows": link} for cell, link in zip(self.found.cells, self._links(), strict=True)],
            "summary": self.found.summary | {"rows": self._rows_of(())},
            "total": self.found.total,
            "returned": len(self.found.cells),
            "next": self._next(ends) if more else None,
            "columns": columns_json(self.columns),
            "meta": self.meta,
        }

    def table(self) -> Table:
        return Table.from_rows(self.columns, self.found.cells)

    def _next(self, offset: int) -> str:
        parameters = dict(self.asked.shown) | {
            "pagesize": str(self.asked.query.page.size),
            "cursor": cursors.written(self.asked.id, (offset,)),
        }
        return canonical_url(self.question, parameters)

    def _links(self) -> Iterator[str]:
        """For each cell, where its facts are. A member is written once, though many cells have it: quoting takes as
        long as the whole query does."""
        pairs = [(one.key, one.concept.ref) for one in self.asked.groups]
        written: dict[tuple[str, Any], str] = {}
        for cell in self.found.cells:
            members = []
            for key, ref in pairs:
                value = cell[key]
                text = written.get((ref, value))
                if text is None:
                    text = written[ref, value] = quote(f"{ref}:{canonical.value_text(value)}", safe=SAFE)
                members.append(text)
            yield self._rows_of(members)

    @cached_property
    def _facts(self) -> tuple[str, str]:
        return f"{root(self.opened.revision)}/facts", quote(self.asked.parameters["cut"], safe=SAFE)

    def _rows_of(self, members: Sequence[str]) -> str:
        """Where the facts of some members are, which are quoted already."""
        path, cut = self._facts
        cuts = "|".join([cut, *members] if cut else members)
        return f"{path}?cut={cuts}" if cuts else path
