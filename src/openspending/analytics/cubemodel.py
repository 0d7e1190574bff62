"""The cube model: dimensions, measures and aggregates over a fact table, as babbage writes them in JSON.

Reading is as lenient as babbage's: what a query needs must be there, `cubevalidation.validate` knows the rest. A
column may carry `fact_column`: where it really lies in our one wide fact table; `column` is what clients see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from openspending.errors import BrokenCube

FACT_COLUMN: Final = "fact_column"  # ours, in stored models only
FUNCTIONS: Final = ("sum", "max", "min", "avg", "count")
BY_SIGN: Final = ("positive", "negative", "gross")  # sums; they are of /v1 alone: clients of babbage know none of them
COUNT: Final = "_count"

_CLASSES: Final = ((7, "tiny"), (50, "low"), (1000, "medium"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the fact table (`table` None), or of a table joined to it."""

    table: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Join:
    """How a dimension's own table hangs on the facts: `fact_column` = `table`.`column`."""

    table: str
    fact_column: str
    column: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column of a dimension. `type` None: the model does not say, so values are read as the column's type."""

    ref: str
    name: str
    column: Column
    join: Join | None
    type: str | None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of attributes, the key attribute first."""

    ref: str
    attributes: tuple[Attribute, ...]
    label: Attribute

    @property
    def key(self) -> Attribute:
        """The attribute that tells members apart."""
        return self.attributes[0]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number column, with the functions that may be asked of it."""

    ref: str
    column: Column
    type: str | None
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function of a measure (`amount.sum`), or the number of facts (`_count`, `measure` None)."""

    ref: str
    function: str
    measure: Measure | None
    label: str


Concept = Dimension | Attribute | Measure | Aggregate


@dataclass(frozen=True)
class CubeModel:
    """A model that was read. `spec` is the JSON object it was read from; `hierarchies` are names → dimension names."""

    spec: Mapping[str, Any]
    fact_table: str
    dimensions: Mapping[str, Dimension]
    measures: Mapping[str, Measure]
    aggregates: Mapping[str, Aggregate]
    hierarchies: Mapping[str, tuple[str, ...]]
    further: Mapping[str, Attribute] = field(default_factory=dict)  # columns in no dimension, by ref: `with_further`

    def concepts(self) -> Iterator[Concept]:
        """Every dimension with its attributes, then measures, then aggregates."""
        for dimension in self.dimensions.values():
            yield dimension
            yield from dimension.attributes
        yield from self.measures.values()
        yield from self.aggregates.values()

    def columns(self) -> Iterator[Attribute | Measure]:
        """Every concept that has a column."""
        for concept in (*self.concepts(), *self.further.values()):
            if isinstance(concept, Attribute | Measure):
                yield concept

    def find(self, ref: str) -> Concept | None:
        """What `ref` means: a concept's own ref, or the alias `hierarchy.attribute` of the first level that has it.

        None for unknown refs and for the bare name of a hierarchy.
        """
        return self._refs.get(ref)

    @cached_property
    def _refs(self) -> dict[str, Concept]:
        aliases: dict[str, Concept] = {}
        for name, levels in self.hierarchies.items():
            for level in levels:
                for attribute in self.dimensions[level].attributes:
                    aliases.setdefault(f"{name}.{attribute.name}", attribute)
        return aliases | dict(self.further) | {one.ref: one for one in self.concepts()}

    @cached_property
    def joins(self) -> tuple[Join, ...]:
        """The tables of dimensions that have one of their own, in the model's order, each once."""
        attributes = (one for dimension in self.dimensions.values() for one in dimension.attributes)
        return tuple(dict.fromkeys(one.join for one in attributes if one.join is not None))

    def with_cardinalities(self, counts: Mapping[str, int]) -> CubeModel:
        """The same model, knowing the number of members of its dimensions."""
        dimensions = {
            name: dict(raw) | ({"cardinality": counts[name]} if name in counts else {})
            for name, raw in self.spec["dimensions"].items()
        }
        return replace(from_spec({**self.spec, "dimensions": dimensions}), further=self.further)

    def with_functions(self, functions: Sequence[str]) -> CubeModel:
        """The same model, each measure of which has `functions`."""
        measures = {name: replace(one, functions=tuple(functions)) for name, one in self.measures.items()}
        return replace(self, measures=measures, aggregates=_aggregates(measures, self.spec))

    def with_types(self, kinds: Mapping[str, str | None]) -> CubeModel:
        """The same model, in which every concept has a type, its own or that of its column in `kinds`, the columns of
        the fact table: so a value means the same however it is written. Columns that no concept has are found under
        their own names: where a fact stands in its source, and what the package says nothing of."""

        def typed(one: Attribute) -> Attribute:
            return replace(one, type=one.type or (kinds.get(one.column.name) if one.column.table is None else None))

        dimensions = {
            name: Dimension(name, tuple(map(typed, one.attributes)), typed(one.label))
            for name, one in self.dimensions.items()
        }
        measures = {
            name: replace(one, type=one.type or kinds.get(one.column.name)) for name, one in self.measures.items()
        }
        known = {concept.column.name for concept in self.columns()}
        beyond = {name: kind for name, kind in kinds.items() if name not in known}
        found = replace(self, dimensions=dimensions, measures=measures, aggregates=_aggregates(measures, self.spec))
        return found.with_further(beyond)

    def with_further(self, columns: Mapping[str, str | None]) -> CubeModel:
        """The same model, which also finds `columns` of the fact table (name → type) under their own names, though
        clients of babbage are not told of them: where a fact stands in its source, and what no concept describes."""
        found = {name: Attribute(name, name, Column(None, name), None, kind) for name, kind in columns.items()}
        return replace(self, further=found)

    def to_json(self) -> dict[str, Any]:
        """The model as clients see it: refs and fall-backs filled in, further keys passed through."""
        shown: dict[str, Any] = dict(self.spec)
        shown["dimensions"] = {name: self._shown_dimension(one) for name, one in self.dimensions.items()}
        shown["measures"] = {name: _shown(self.spec["measures"][name], name) for name in self.measures}
        shown["aggregates"] = {name: _shown_aggregate(one) for name, one in self.aggregates.items()}
        shown["hierarchies"] = {
            name: {**self.spec["hierarchies"][name], "levels": list(levels), "ref": name}
            for name, levels in self.hierarchies.items()
        }
        return shown

    def _shown_dimension(self, dimension: Dimension) -> dict[str, Any]:
        raw = self.spec["dimensions"][dimension.ref]
        within = (name for name, levels in self.hierarchies.items() if dimension.ref in levels)
        return {
            **raw,
            "attributes": {one.name: _shown(raw["attributes"][one.name], one.ref) for one in dimension.attributes},
            "ref": dimension.ref,
            "key_attribute": dimension.key.name,
            "key_ref": dimension.key.ref,
            "label_attribute": dimension.label.name,
            "label_ref": dimension.label.ref,
            "cardinality_class": cardinality_class(raw.get("cardinality")),
            "hierarchy": next(within, dimension.ref),
        }


def cardinality_class(count: int | None) -> str | None:
    """The size class: tiny (to 7 members), low (to 50), medium (to 1000), high; None when nobody has counted."""
    if count is None:
        return None
    return next((name for most, name in _CLASSES if count <= most), "high")


def from_spec(spec: Mapping[str, Any]) -> CubeModel:
    """Read a cube model in babbage's JSON. Raises BrokenCube when a query could not work with it at all."""
    try:
        measures = {name: _measure(name, raw) for name, raw in spec.get("measures", {}).items()}
        dimensions = {name: _dimension(name, raw) for name, raw in spec.get("dimensions", {}).items()}
        hierarchies = {
            name: tuple(level for level in raw.get("levels", ()) if level in dimensions)
            for name, raw in spec.get("hierarchies", {}).items()
        }
        fact_table = str(spec["fact_table"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BrokenCube(f"The model cannot be read: {error!r}") from error
    complete = {"dimensions": {}, "measures": {}, "hierarchies": {}, **spec}
    return CubeModel(complete, fact_table, dimensions, measures, _aggregates(measures, spec), hierarchies)


def _measure(name: str, raw: Mapping[str, Any]) -> Measure:
    functions = tuple(one for one in raw.get("aggregates") or ("sum",) if one in FUNCTIONS)
    return Measure(name, _column(raw), raw.get("type"), functions)


def _dimension(name: str, raw: Mapping[str, Any]) -> Dimension:
    attributes = raw["attributes"]
    key = raw["key_attribute"] if "key_attribute" in raw else next(iter(attributes), "")
    key_column = _column(attributes[key])
    ordered = [key, *(one for one in attributes if one != key)]
    read = {one: _attribute(name, one, attributes[one], raw.get("join_column"), key_column) for one in ordered}
    return Dimension(name, tuple(read.values()), read[raw.get("label_attribute", key)])


def _attribute(dimension: str, name: str, raw: Mapping[str, Any], join_column: Any, key_column: Column) -> Attribute:
    column = _column(raw)
    join = None if column.table is None else _join(column.table, join_column, key_column)
    return Attribute(f"{dimension}.{name}", name, column, join, raw.get("type"))


def _join(table: str, join_column: Any, key_column: Column) -> Join:
    """A text joins the fact table's column of that name to the dimension's key; a pair says both."""
    if isinstance(join_column, str):
        return Join(table, join_column, key_column.name)
    fact_column, column = join_column
    return Join(table, str(fact_column), str(column))


def _column(raw: Mapping[str, Any]) -> Column:
    if FACT_COLUMN in raw:
        return Column(None, str(raw[FACT_COLUMN]))
    table, dot, name = str(raw["column"]).rpartition(".")
    return Column(table if dot else None, name)


def _aggregates(measures: Mapping[str, Measure], spec: Mapping[str, Any]) -> dict[str, Aggregate]:
    found = {COUNT: Aggregate(COUNT, "count", None, "Facts")}
    for measure in measures.values():
        label = str(spec["measures"][measure.ref].get("label", measure.ref))
        for function in measure.functions:
            ref = f"{measure.ref}.{function}"
            found[ref] = Aggregate(ref, function, measure, label)
    return found


def _shown(raw: Mapping[str, Any], ref: str) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key != FACT_COLUMN} | {"ref": ref}


def _shown_aggregate(aggregate: Aggregate) -> dict[str, Any]:
    shown = {"label": aggregate.label, "ref": aggregate.ref, "function": aggregate.function}
    return shown if aggregate.measure is None else shown | {"measure": aggregate.measure.ref}
