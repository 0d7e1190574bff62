"""What a search found, as JSON (docs/api/search.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from openspending.analytics.search.datasetsearch import DatasetQuestion, FoundDataset, FoundDatasets
from openspending.analytics.search.faceting import Facet
from openspending.analytics.search.linesearch import FoundIn, FoundLine, FoundLines, LineQuestion
from openspending.analytics.search.narrowing import MET, describing
from openspending.analytics.search.record import Record
from openspending.analytics.search.suggesting import Suggestion, SuggestQuestion
from openspending.analytics.search.totals import Kind, Total, exact
from openspending.analytics.search.understanding import Understood, Word, highlighted
from openspending.datastore.manifest import timestamp
from openspending.read_api.datasets import latest
from openspending.read_api.searchasked import AT_DATASETS, AT_LINES, Sought, link, next_page
from openspending.speaking.said import said

_LONGEST: Final = 200  # characters of a phrase
_NESTED: Final = said(
    "In these datasets some lines are sums of others, so that totals may count money twice: cut to one level of them."
)


def lines_json(found: FoundLines, sought: Sought[LineQuestion], path: str = AT_LINES) -> dict[str, Any]:
    """The answer to a search for lines, asked at `path`."""
    return {
        "data": lines_data(found.lines),
        "total": found.total,
        "returned": len(found.lines),
        "next": None if found.following is None else next_page(path, sought, found.following),
        "totals": totals_json(found.totals),
        "datasets": [_within(one, sought.parameters) for one in found.datasets],
        "facets": _facets(found.facets, totals=True),
        "more": _more(found.facets) | ({"datasets": found.more} if found.more else {}),
        "query": _query(sought.parameters.get("q"), found.words),
        "did_you_mean": found.did_you_mean,
        "warnings": [{"code": "subtotals", "message": _NESTED, "datasets": found.nested}] if found.nested else [],
        "meta": {"pending": found.pending},
    }


def datasets_json(found: FoundDatasets, sought: Sought[DatasetQuestion], path: str = AT_DATASETS) -> dict[str, Any]:
    """The answer to a search for datasets, asked at `path`."""
    return {
        "data": [dataset_json(one, sought.parameters) for one in found.datasets],
        "total": found.total,
        "returned": len(found.datasets),
        "next": None if found.following is None else next_page(path, sought, (found.following,)),
        "facets": _facets(found.facets, totals=False),
        "more": _more(found.facets),
        "query": _query(sought.parameters.get("q"), found.words),
        "did_you_mean": found.did_you_mean,
        "meta": {"pending": found.pending},
    }


def suggestions_json(found: Sequence[Suggestion], sought: Sought[SuggestQuestion]) -> dict[str, Any]:
    """The answer to a text that is being typed."""
    within = {name: text for name, text in sought.parameters.items() if name != "q"}
    return {"data": [_suggestion(one, within) for one in found]}


class Marking:
    """Where words stand in values, of which many lines have the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Sequence[Sequence[int]]] = {}

    def of(self, value: str, understood: Understood | None) -> Sequence[Sequence[int]]:
        """The ranges in `value`; none where nothing was asked."""
        if understood is None or not value:
            return ()
        key = (value, id(understood))
        if key not in self._known:
            self._known[key] = highlighted(value, understood)
        return self._known[key]


def lines_data(lines: Iterable[FoundLine]) -> list[dict[str, Any]]:
    """The lines: where each is, what its columns say, its money."""
    marking = Marking()
    return [_line(one, marking) for one in lines]


def _line(found: FoundLine, marking: Marking) -> dict[str, Any]:
    record, line = found.record, found.line
    part = describing.of(record).left(MET)[line.cell].part
    kinds = part.kinds if record.measures else ()
    fact = f"{_revision(record)}/facts/{quote(line.fact, safe='')}"
    return {
        **_heading(record, found.visibility),
        "fact": line.fact,
        "year": part.year,
        "phase": _same(one.phase for one in part.kinds),
        "direction": _same(one.direction for one in part.kinds),
        "currency": _same(one.currency for one in part.kinds),
        "values": list(_values(found, marking)),
        "amounts": list(_amounts(record, kinds, line.amounts)),
        "url": fact,
        "source": f"{fact}/source",
        "page": page_of(record),
    }


def _heading(record: Record, visibility: str) -> dict[str, Any]:
    return {
        "dataset": record.dataset,
        "title": record.title,
        "visibility": visibility,
        "revision": record.revision,
        "languages": record.languages,
    }


def _values(found: FoundLine, marking: Marking) -> Iterator[dict[str, Any]]:
    """What the columns say, a label together with its code; blank ones are left out."""
    columns = found.record.columns
    given = dict(zip((one.ref for one in columns), found.line.values, strict=True))
    labelled = {one.label_of for one in columns if one.label_of is not None and given[one.ref] is not None}
    for one in columns:
        value = given[one.ref]
        if value is not None and one.ref not in labelled:
            code = given.get(one.label_of) if one.label_of is not None else None
            said = {"ref": one.ref, "title": one.title, "value": value, "code": code}
            marked = {"highlights": value, "code_highlights": code or ""}
            yield said | {name: marking.of(text, found.understood) for name, text in marked.items()}


def _amounts(record: Record, kinds: Sequence[Kind], amounts: Sequence[int | None]) -> Iterator[dict[str, Any]]:
    for measure, kind, units in zip(record.measures, kinds, amounts, strict=True):
        if units is not None:
            yield {
                "measure": measure.ref,
                "title": measure.title,
                "amount": f"{exact(units, measure.scale):f}",
                "currency": kind.currency,
                "phase": kind.phase,
                "direction": kind.direction,
            }


def _same(values: Iterable[str | None]) -> str | None:
    """What all of them are; None where they differ."""
    several = set(values)
    return several.pop() if len(several) == 1 else None


def dataset_json(found: FoundDataset, parameters: Mapping[str, str]) -> dict[str, Any]:
    """A dataset: what it is about, and which lines of it match."""
    record = found.record
    parts = describing.of(record).parts
    kinds = [one for part in parts for one in part.kinds]
    marking = Marking()
    return {
        **_heading(record, found.visibility),
        "owner": record.owner,
        "name": record.name,
        "description": record.description,
        "hash": record.hash,
        "created": timestamp(record.created),
        "countries": record.countries,
        "level": record.level or None,
        "years": _each(part.year for part in parts),
        "phases": _each(one.phase for one in kinds),
        "directions": _each(one.direction for one in kinds),
        "currencies": _each(one.currency for one in kinds),
        "classifications": record.classifications,
        "licence": record.licence or None,
        "lines": record.lines,
        "matching": {"lines": found.lines, "totals": totals_json(found.totals)},
        "highlights": {
            "title": marking.of(record.title, found.understood),
            "description": marking.of(record.description, found.understood),
        },
        "url": latest(record.owner, record.name),
        "page": page_of(record),
        "search": _inside(record, found.visibility, parameters),
    }


def _each(values: Iterable[str | None]) -> list[str]:
    return sorted({one for one in values if one is not None})


def _within(found: FoundIn, parameters: Mapping[str, str]) -> dict[str, Any]:
    """What was found in one dataset, and the address of the same search there."""
    return {
        "dataset": found.record.dataset,
        "title": found.record.title,
        "visibility": found.visibility,
        "lines": found.lines,
        "totals": totals_json(found.totals),
        "search": _inside(found.record, found.visibility, parameters),
    }


def _inside(record: Record, visibility: str, parameters: Mapping[str, str]) -> str:
    """The address of the same search for lines within one dataset."""
    kept = {name: text for name, text in parameters.items() if name not in {"visibility", "order"}}
    private = {"visibility": visibility} if visibility != "public" else {}
    return link(AT_LINES, {**kept, "dataset": record.dataset, **private})


def totals_json(totals: Iterable[Total]) -> list[dict[str, Any]]:
    """Totals, each of one kind of money."""
    return [
        {
            "currency": one.kind.currency,
            "phase": one.kind.phase,
            "direction": one.kind.direction,
            **dict(one.kind.further),
            **({} if one.kind.measure is None else {"measure": one.kind.measure}),
            "lines": one.lines,
            "amount": None if one.amount is None else f"{one.amount:f}",
        }
        for one in totals
    ]


def _facets(facets: Mapping[str, Facet], *, totals: bool) -> dict[str, Any]:
    return {
        name: [
            {"value": one.value, "label": one.label, "count": one.count}
            | ({"totals": totals_json(one.totals)} if totals else {})
            for one in facet.values
        ]
        for name, facet in facets.items()
    }


def _more(facets: Mapping[str, Facet]) -> dict[str, int]:
    """How many values were left out of which facets."""
    return {name: one.more for name, one in facets.items() if one.more}


def _query(text: str | None, words: Iterable[Word]) -> dict[str, Any]:
    return {"text": text, "words": [{"asked": one.asked, "how": one.how, "forms": one.forms} for one in words]}


def _suggestion(found: Suggestion, within: Mapping[str, str]) -> dict[str, Any]:
    phrase = found.label.replace('"', " ").strip()
    if len(phrase) > _LONGEST:
        phrase = phrase[:_LONGEST].rpartition(" ")[0] or phrase[:_LONGEST]
    return {
        "label": found.label,
        "code": found.code,
        "ref": found.ref,
        "dimension": found.dimension,
        "lines": found.lines,
        "datasets": found.datasets,
        "search": link(AT_LINES, {"q": f'"{phrase}"', **within}),
    }


def _revision(record: Record) -> str:
    """The path of the revision that is in the index: what is there never changes."""
    return f"{latest(record.owner, record.name)}@{record.revision}"


def page_of(record: Record) -> str:
    """The path of the page of a dataset, for people."""
    return f"/{quote(record.owner, safe='@+')}/{quote(record.name, safe='')}"
