"""Views against a dataset's model: whether it has what they name, and their one canonical form.

The model is read from the derived files of the revision: no fact is needed for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

from openspending.analytics import canonical, cutvalues, querytext, refs
from openspending.analytics.comparing.sides import parse_side
from openspending.analytics.cubemodel import BY_SIGN, FACT_COLUMN, FUNCTIONS, Aggregate, CubeModel, from_spec
from openspending.analytics.query import AllOf, AnyOf, Condition, Cut, Not
from openspending.analytics.statement import derived_key
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.errors import BadQueries, BadQuery, NotFound, StoreError
from openspending.view import View, Wrong

_KINDS_OF_SIDES: Final = ("measure", "year", "phase", "direction", "currency")
_SHOWN: Final = 20  # choices


def model_of(store: ObjectStore, revision: Revision) -> CubeModel:
    """The model of a revision, with all functions and types. Raises StoreError where it was not derived yet."""
    try:
        stored = json.loads(store.get(derived_key(revision, "model.json")))
    except NotFound as error:
        raise StoreError(f"{revision.id} is being prepared; try again in a minute.") from error
    plain = from_spec(stored["cube"])
    return plain.with_functions((*FUNCTIONS, *BY_SIGN)).with_types(_kinds(stored["cube"]))


def _kinds(spec: Any) -> dict[str, str]:
    """The types of the fact table's columns, as far as the model says where each of them is."""
    found = {one[FACT_COLUMN]: "number" for one in spec["measures"].values() if FACT_COLUMN in one}
    for dimension in spec["dimensions"].values():
        for one in dimension["attributes"].values():
            kind = one.get("type") or one.get("datatype")
            if FACT_COLUMN in one and kind:
                found[one[FACT_COLUMN]] = kind
    return found


def asked(pairs: Iterable[tuple[str, str]]) -> View:
    """The view that parameters say, without how it is shown to one reader. Raises BadQueries for what is none."""
    view, wrong = View.read(pairs)
    if wrong:
        raise BadQueries([_told(one) for one in wrong])
    return replace(view, lang="", theme="")


def _told(wrong: Wrong) -> BadQuery:
    said = f"“{wrong.value[:40]}” cannot be the {wrong.parameter[:40]}." if wrong.value else ""
    return BadQuery(said or f"A view has no “{wrong.parameter[:40]}”.", wrong.choices, wrong.parameter[:40])


def settled(view: View, model: CubeModel) -> View:
    """The same view in its canonical form: values as their types are written, the measure always said, unless all is
    left to the dataset.

    Raises BadQueries with all that the dataset does not have, each with what it has.
    """
    if view.empty:
        return view
    wrong: list[BadQuery] = []
    with _blaming(wrong, "measure"):
        view = replace(view, measure=_measure(view.measure, model))
    with _blaming(wrong, "group"):
        view = replace(view, group=tuple(dict.fromkeys(_level(one, model) for one in view.group)))
    with _blaming(wrong, "series"):
        view = replace(view, series=tuple(dict.fromkeys(_level(one, model) for one in view.series)))
    with _blaming(wrong, "cut"):
        view = replace(view, cut=tuple(sorted(_conditions(view.cut, model))))
    with _blaming(wrong, "at"):
        view = replace(view, at=_conditions(view.at, model))
    with _blaming(wrong, "order"):
        view = replace(view, order=_order(view.order, model) if view.order else "")
    with _blaming(wrong, "compare"):
        view = replace(view, compare=_compared(view.compare, model) if view.compare else "")
    if wrong:
        raise BadQueries(wrong)
    return view


def _conditions(texts: tuple[str, ...], model: CubeModel) -> tuple[str, ...]:
    """Conditions as the canonical texts of them, each once, in their order."""
    found = [one for text in texts for one in checked(querytext.parse_cuts(text), model)]
    return tuple(dict.fromkeys(canonical.condition_text(one, model) for one in found))


def checked(conditions: tuple[Condition, ...], model: CubeModel) -> tuple[Condition, ...]:
    """`conditions` with their values read as the types that the model declares. Raises BadQuery."""
    return tuple(_checked(one, model) for one in conditions)


def _checked(condition: Condition, model: CubeModel) -> Condition:
    if isinstance(condition, Cut):
        return cutvalues.checked(condition, refs.cut_concept(model, condition).type)
    if isinstance(condition, Not):
        return Not(_checked(condition.part, model))
    parts = checked(condition.parts, model)
    return AllOf(parts) if isinstance(condition, AllOf) else AnyOf(parts)


@contextmanager
def _blaming(wrong: list[BadQuery], name: str) -> Iterator[None]:
    try:
        yield
    except BadQuery as error:
        error.parameter = error.parameter or name
        wrong.append(error)


def _measure(ref: str, model: CubeModel) -> str:
    """An aggregate; a measure alone means its sum, nothing the first of them."""
    whole = f"{ref}.sum" if ref in model.measures else ref or f"{next(iter(model.measures), '')}.sum"
    if not isinstance(model.find(whole), Aggregate):
        raise BadQuery(f"There is no measure “{ref[:40]}”.", tuple(f"{one}.sum" for one in model.measures))
    return whole


def _level(ref: str, model: CubeModel) -> str:
    """A dimension, or one of its attributes, by its own name."""
    found = model.find(ref)
    if found is None or found.ref in model.aggregates or found.ref in model.measures:
        near = get_close_matches(ref, model.dimensions, n=5, cutoff=0.4)
        raise BadQuery(f"There is no level “{ref[:40]}” to group by.", near or [*model.dimensions][:_SHOWN])
    return found.ref


def _order(text: str, model: CubeModel) -> str:
    order = querytext.parse_order(text)
    for one in order:
        if model.find(one.ref) is None:
            choices = [f"{ref}.sum" for ref in model.measures] + list(model.dimensions)
            raise BadQuery(f"There is no “{one.ref[:40]}” to sort by.", choices[:_SHOWN])
    return canonical.order_text(order)


def _compared(text: str, model: CubeModel) -> str:
    """Two sides of a comparison, as the API writes them, joined by “~”; refs and kinds of them are known."""
    left, mark, right = text.partition("~")
    if not mark:
        raise BadQuery(f"“{text[:40]}” compares nothing: write two sides, such as `phase:approved~phase:executed`.")
    for condition in (one for side in (left, right) for one in parse_side(side).conditions):
        ref = condition.ref if isinstance(condition, Cut) else ""
        if ref and ref not in _KINDS_OF_SIDES and model.find(ref) is None:
            raise BadQuery(f"There is no “{ref[:40]}” to compare.", (*_KINDS_OF_SIDES, *model.dimensions)[:_SHOWN])
    return f"{left}~{right}"
