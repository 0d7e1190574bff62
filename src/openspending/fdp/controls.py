"""Control totals: what a package declares under `controls` that sums of its facts must be.

Each is an object of `measure`, `where` and `equals`, with a `title`, a `source` and a `tolerance` if they are wanted.
Our own property: Fiscal Data Package has none for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, Final

from openspending.fdp.amounts import is_number, plain
from openspending.fdp.model import Attribute, Measure, Model
from openspending.fdp.package import Package
from openspending.fdp.place import Place, kind_of
from openspending.fdp.problems import Problem, shorten
from openspending.speaking.said import said

PROPERTY: Final = "controls"
_KEYS: Final = ("title", "measure", "where", "equals", "source", "tolerance")
_MAX_DIGITS: Final = 38  # as many as a sum of facts can have
_CHOICES: Final = 12


@dataclass(frozen=True, slots=True)
class Condition:
    """Which facts a control is about: those with one of `values` (None: missing) in their column `column`, which is
    of the Attribute type `type`. `name` is what the package calls the column."""

    name: str
    column: str
    type: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """One sum and what it must be. `position` is its place under `controls`, from 0; `title` is never empty."""

    position: int
    title: str
    measure: Measure
    where: tuple[Condition, ...]
    equals: Decimal
    tolerance: Decimal
    source: str | None


def read_controls(package: Package, model: Model) -> tuple[tuple[Control, ...], list[Problem]]:
    """The control totals of `package`, and what is wrong with those that cannot be used."""
    root, found = Place(), []
    for number, raw in enumerate(root.items(package.raw, PROPERTY)):
        place = root.at(PROPERTY, number)
        if isinstance(raw, dict):
            control = _control(number, raw, model, place)
            found += [] if control is None else [control]
        else:
            root.at(PROPERTY).wrong(number, raw, said("an object"))
    return tuple(found), root.problems


def _control(position: int, raw: Mapping[str, Any], model: Model, place: Place) -> Control | None:
    """None when it cannot be used, which is reported."""
    for key in raw:
        if key not in _KEYS:
            place.at(key).report("fiscal/control-key", value=shorten(key), choices=", ".join(_KEYS))
    equals = _amount(raw, "equals", place)
    tolerance = _amount(raw, "tolerance", place) if raw.get("tolerance") is not None else Decimal(0)
    measure = _measure(place.text(raw, "measure"), model, place)
    where = tuple(_conditions(place.mapping(raw, "where"), model, place.at("where")))
    title, source = place.text(raw, "title", error=False), place.text(raw, "source", error=False)
    if equals is None or tolerance is None or measure is None:
        return None
    title = shorten(title) if title else _described(measure, where)
    return Control(position, title, measure, where, equals, tolerance, source or None)


def _described(measure: Measure, where: tuple[Condition, ...]) -> str:
    """A title for a control that has none."""
    parts = [f"{one.name} {' or '.join('(missing)' if v is None else v for v in one.values)}" for one in where]
    return shorten(", ".join((f"Sum of {measure.name}", *parts)))


# ── amounts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _amount(raw: Mapping[str, Any], key: str, place: Place) -> Decimal | None:
    value = raw.get(key)
    detail: str | None = None
    if value is None:
        detail = said("missing")
    elif isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        detail = kind_of(value)
    elif not is_number(str(value)):
        detail = said("“{value}”, which is no decimal number", value=shorten(str(value)))
    if detail is None:
        amount = _decimal(str(value))
        if amount is None:
            detail = said(
                "“{value}”, which has more than {max_digits} digits", value=shorten(str(value)), max_digits=_MAX_DIGITS
            )
        elif key == "tolerance" and amount < 0:
            detail = said("negative")
        else:
            return amount
    place.at(key).report("fiscal/control-amount", property=key, detail=detail)
    return None


def _decimal(text: str) -> Decimal | None:
    """The number in `text`; None when it is beyond any sum. Its size is looked at before its digits are written out."""
    try:
        amount = Decimal(text)
    except InvalidOperation:  # an exponent beyond any size
        return None
    exponent = amount.as_tuple().exponent
    sizes = (amount.adjusted() if amount else 0, -exponent if isinstance(exponent, int) else 0)
    return amount if max(sizes) <= _MAX_DIGITS else None


# ── measures and columns ─────────────────────────────────────────────────────────────────────────────────────────────


def _measure(name: str | None, model: Model, place: Place) -> Measure | None:
    """The measure called `name`, or whose field is; without a name, the only one."""
    named = [one for one in model.measures if name is None or name == one.name]
    found = named or [one for one in model.measures if name == one.source]
    if len(found) == 1:
        return found[0]
    detail = (
        said("does not say which measure it is of")
        if name is None
        else said("is of “{name}”, which is no measure", name=shorten(name))
    )
    choices = ", ".join(one.name for one in model.measures)
    place.at("measure").report("fiscal/control-measure", detail=detail, choices=choices)
    return None


def _conditions(raw: Mapping[str, Any], model: Model, place: Place) -> Iterator[Condition]:
    for name, value in raw.items():
        attribute = _attribute(name, model, place)
        listed = value if isinstance(value, list) else [value]
        strange = next((one for one in listed if isinstance(one, dict | list)), None)
        if not listed or strange is not None:
            found = said("an empty list") if not listed else kind_of(strange)
            place.at(name).report("fiscal/control-value", value=shorten(name), found=found)
        elif attribute is not None:
            texts = tuple(dict.fromkeys(_text(one) for one in listed))
            yield Condition(name, attribute.column, attribute.type, texts)


def _text(value: Any) -> str | None:
    """A JSON value as a cell would have it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal) and _decimal(str(value)) is not None:
        return plain(value)
    return str(value)


def _attribute(name: str, model: Model, place: Place) -> Attribute | None:
    """The attribute meant by `name`: a ref, else a fact column or field, else a dimension, which means its key."""
    for found in (_by_ref(name, model), _by_column(name, model), _by_dimension(name, model)):
        if len(found) == 1:
            return found[0]
        if found:
            refs = [ref for ref, one in _refs(model) if one in found]
            detail = said("is the name of several columns")
            place.at(name).report(
                "fiscal/control-column", value=shorten(name), detail=detail, choices=", ".join(refs[:_CHOICES])
            )
            return None
    columns = [one.column for one in _attributes(model)]
    near = get_close_matches(name, columns, n=3) or columns[:_CHOICES]
    detail = said("is no column of the facts")
    place.at(name).report("fiscal/control-column", value=shorten(name), detail=detail, choices=", ".join(near))
    return None


def _attributes(model: Model) -> Iterator[Attribute]:
    yield from (attribute for dimension in model.dimensions for attribute in dimension.attributes)


def _refs(model: Model) -> Iterator[tuple[str, Attribute]]:
    """Every ref of every attribute: by its dimension and, as cubes of FDP 1.0 have it, by the code it belongs to."""
    for dimension in model.dimensions:
        for one in dimension.attributes:
            yield f"{dimension.name}.{one.name}", one
            yield f"{one.label_of or one.name}.{one.name}", one


def _by_ref(name: str, model: Model) -> list[Attribute]:
    return list(dict.fromkeys(one for ref, one in _refs(model) if ref == name))


def _by_column(name: str, model: Model) -> list[Attribute]:
    return [one for one in _attributes(model) if name in (one.column, one.source)]


def _by_dimension(name: str, model: Model) -> list[Attribute]:
    keys = {dimension.name: dimension.key for dimension in model.dimensions}
    return [
        one
        for dimension in model.dimensions
        for one in dimension.attributes
        if dimension.name == name and one.name in keys[name]
    ]
