"""What answers of `/v1` say of themselves: their columns with title, currency and unit, and `meta`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final
from urllib.parse import quote, urlencode

from openspending.analytics.cubemodel import Aggregate, Attribute, CubeModel, Measure
from openspending.analytics.exports.table import Column, Kind
from openspending.analytics.livecubes import Opened
from openspending.analytics.statement import BUILD
from openspending.datastore.manifest import timestamp
from openspending.read_api.respond import Question, root

PLACE: Final = ("count", "pagesize", "cursor")
_SIX: Final = Decimal("0.000001")
COUNTING: Final = frozenset({"count"})
_KINDS: Final[Mapping[str, Kind]] = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "TIME": "time",
    "DOUBLE": "float",
    "FLOAT": "float",
    "VARCHAR": "text",
}


def column_of(concept: Attribute | Measure | Aggregate, opened: Opened, key: str | None = None) -> Column:
    """The column of an answer that has the values of `concept`, called `key` (the ref as it was asked)."""
    if isinstance(concept, Aggregate):
        return _aggregate(concept, opened, key or concept.ref)
    kind, scale = _shape(concept, opened)
    if isinstance(concept, Measure):
        return Column(key or concept.ref, kind, label_of(concept, opened), currency_of(concept, opened), "1", scale)
    return Column(key or concept.ref, kind, label_of(concept, opened), scale=scale)


def _aggregate(aggregate: Aggregate, opened: Opened, key: str) -> Column:
    measure = aggregate.measure
    if measure is None or aggregate.function in COUNTING:
        return Column(key, "integer", aggregate.label)
    kind, scale = _shape(measure, opened)
    currency = currency_of(measure, opened)
    if aggregate.function == "avg" and scale is not None:
        return Column(key, "decimal", aggregate.label, currency, "1")
    return Column(key, kind, aggregate.label, currency, "1", scale)


def _shape(concept: Attribute | Measure, opened: Opened) -> tuple[Kind, int | None]:
    """What the values are, and how many decimals they have."""
    database_type = opened.cube.tables.type_of(concept.column.table, concept.column.name, opened.cube.model)
    word, _, rest = database_type.partition("(")
    if word == "DECIMAL":
        return "decimal", int(rest.rstrip(")").rpartition(",")[2])
    return _KINDS.get(word.partition(" ")[0], "integer"), None


def label_of(concept: Attribute | Measure, opened: Opened) -> str | None:
    """Its title for people; None for columns in no dimension."""
    spec = opened.cube.model.spec
    if isinstance(concept, Measure):
        found = spec["measures"][concept.ref]
    elif concept.ref in opened.cube.model.further:
        return None
    else:
        found = spec["dimensions"][concept.ref.partition(".")[0]]["attributes"][concept.name]
    label = found.get("label")
    return None if label is None else str(label)


def currency_of(measure: Measure, opened: Opened) -> str | None:
    """The currency of all its amounts; None where a column says it for each, or nothing does."""
    found = opened.cube.model.spec["measures"][measure.ref].get("currency")
    return None if found is None else str(found)


def columns_json(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """The columns as JSON answers have them."""
    return [{"name": one.name, **one.described()} for one in columns]


def meta_of(opened: Opened, question: Question, matched: int | None, further: Mapping[str, Any]) -> dict[str, Any]:
    """What every answer says of the revision that it was computed from, and of how much of it."""
    revision = opened.revision
    facts = {"matched": matched, "all": opened.built.facts}
    return {
        "dataset": f"{revision.owner}/{revision.name}",
        "revision": revision.number,
        "hash": revision.hash,
        "created": timestamp(revision.created),
        "build": BUILD,
        "facts": facts,
        "coverage": _share(matched, opened.built.facts),
        "licences": licences(revision.descriptor),
        "self": canonical_url(question, {**further.get("parameters", {}), **_place(question)}),
        **{name: value for name, value in further.items() if name != "parameters"},
    }


def _share(matched: int | None, every: int) -> Decimal | None:
    """Which part of all facts the answer is about, from 0 to 1, to six decimals; None where that was not counted."""
    if matched is None or not every:
        return None
    return (Decimal(matched) / every).quantize(_SIX, ROUND_HALF_EVEN)


def _place(question: Question) -> dict[str, str]:
    """The parameters that say which part of the answer was asked for."""
    return {name: text for name in PLACE if (text := question.asked.text(name)) is not None}


def licences(descriptor: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The licences that the package names, in the shape of Data Package, whatever version it follows."""
    given = descriptor.get("licenses") or descriptor.get("licences") or descriptor.get("license") or []
    listed = given if isinstance(given, list) else [given]
    return [one if isinstance(one, dict) else {"name": str(one)} for one in listed]


def canonical_url(question: Question, parameters: Mapping[str, str]) -> str:
    """The path of this very answer for ever: the revision's number, the canonical parameters."""
    rest = question.request.scope["path"].partition("/datasets/")[2].split("/", 2)[2:]
    query = urlencode({name: value for name, value in parameters.items() if value}, quote_via=quote, safe=":|,;.()")
    path = "/".join([root(question.revision), *rest])
    return f"{path}?{query}" if query else path


def model_label(model: CubeModel, ref: str) -> str | None:
    """The label of a dimension."""
    found = model.spec["dimensions"].get(ref, {}).get("label")
    return None if found is None else str(found)
