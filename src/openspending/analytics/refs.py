"""Refs of a query against a model: what each means, and whether it may stand where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from openspending.analytics.cubemodel import Aggregate, Attribute, Concept, CubeModel, Dimension, Measure
from openspending.analytics.query import Cut, Order
from openspending.errors import BadQuery


@dataclass(frozen=True, slots=True)
class Selected:
    """A column of the answer: `key` is the ref as asked, by which result rows are keyed."""

    key: str
    concept: Attribute | Measure


def drilldowns(model: CubeModel, refs: Sequence[str]) -> tuple[Selected, ...]:
    """The attributes to group by: all of a dimension, key first; each asked ref once. Raises BadQuery."""
    return _selected(model, refs, "drilldown", (Dimension, Attribute))


def fields(model: CubeModel, refs: Sequence[str]) -> tuple[Selected, ...]:
    """The attributes and measures to list; without refs every attribute, then every measure. Raises BadQuery."""
    return _selected(model, refs or [*model.dimensions, *model.measures], "field", (Dimension, Attribute, Measure))


def aggregates(model: CubeModel, refs: Sequence[str]) -> tuple[Aggregate, ...]:
    """The aggregates asked for, each once; without refs all of the model. Raises BadQuery."""
    found: dict[str, Aggregate] = {}
    for ref in refs or model.aggregates:
        concept = model.find(ref)
        if not isinstance(concept, Aggregate):
            raise _invalid("aggregate", ref, model, (Aggregate,))
        found[ref] = concept
    return tuple(found.values())


def cut_concept(model: CubeModel, cut: Cut) -> Attribute | Measure:
    """The column that a cut filters; a dimension means its key attribute. Raises BadQuery."""
    concept = model.find(cut.ref)
    if isinstance(concept, Dimension):
        return concept.key
    if isinstance(concept, Attribute | Measure):
        return concept
    raise _invalid("cut", cut.ref, model, (Dimension, Attribute, Measure))


def order_concept(model: CubeModel, order: Order) -> Attribute | Measure | Aggregate:
    """The column or aggregate to sort by; a dimension means its key attribute. Raises BadQuery."""
    concept = model.find(order.ref)
    if concept is None:
        raise _invalid("sorting criterion", order.ref, model, (Dimension, Attribute, Measure, Aggregate))
    return concept.key if isinstance(concept, Dimension) else concept


def sorting(
    model: CubeModel, orders: Sequence[Order], allowed: Callable[[Concept], bool], among: str
) -> Iterator[tuple[Attribute | Measure | Aggregate, Order]]:
    """What to sort by, with its order. Raises BadQuery naming the ref when it is not among what is `allowed`."""
    for order in orders:
        concept = order_concept(model, order)
        if not allowed(concept):
            raise BadQuery(f"Invalid sorting criterion: {order.ref!r} is not among {among}")
        yield concept, order


def cell_sorting(
    model: CubeModel, orders: Sequence[Order], groups: Sequence[Selected]
) -> list[tuple[Attribute | Measure | Aggregate, Order]]:
    """What to sort cells by: what they are grouped by, and aggregates. Raises BadQuery."""
    grouped = {one.concept.ref for one in groups}

    def allowed(concept: Concept) -> bool:
        return isinstance(concept, Aggregate) or concept.ref in grouped

    return list(sorting(model, orders, allowed, "the drilldowns and aggregates"))


def fact_sorting(model: CubeModel, orders: Sequence[Order]) -> list[tuple[Attribute | Measure, Order]]:
    """What to sort facts by: their columns. Raises BadQuery."""

    def allowed(concept: Concept) -> bool:
        return isinstance(concept, Attribute | Measure)

    found = sorting(model, orders, allowed, "the attributes and measures")
    return [(one, order) for one, order in found if not isinstance(one, Aggregate)]


def _selected(
    model: CubeModel, refs: Sequence[str], what: str, kinds: tuple[type[Concept], ...]
) -> tuple[Selected, ...]:
    found: dict[str, Selected] = {}
    for ref in refs:
        concept = model.find(ref)
        if not isinstance(concept, kinds):
            raise _invalid(what, ref, model, kinds)
        if isinstance(concept, Dimension):
            found |= {one.ref: Selected(one.ref, one) for one in concept.attributes}
        elif isinstance(concept, Attribute | Measure):
            found[ref] = Selected(ref, concept)
    return tuple(found.values())


def _invalid(what: str, ref: str, model: CubeModel, kinds: tuple[type[Concept], ...]) -> BadQuery:
    possible = [one.ref for one in model.concepts() if isinstance(one, kinds)]
    return BadQuery(f"Invalid {what}: {ref!r}", get_close_matches(ref, possible, n=5))
