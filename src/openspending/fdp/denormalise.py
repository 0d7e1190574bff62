"""The denormalised form of a package as a plan: which table the facts come from, which code lists are joined to it,
which columns become rows, what is constant. Pure: `analytics/facts.py` turns a plan into SQL.

The algorithm is FDP 1.0's (foreign keys, then `normalize`, then constants); FDP 0.3 is the same without `normalize`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openspending.fdp.model import Attribute, Measure, Model
from openspending.fdp.package import UNSET, Field, ForeignKey, Package, Resource
from openspending.fdp.problems import Problem, problem


@dataclass(frozen=True, slots=True)
class Join:
    """A code list joined to the facts: `left` fields of table `source` equal `right` fields of `resource`.

    Tables are counted from 0, the fact resource; the n-th join adds table n.
    """

    source: int
    left: tuple[str, ...]
    resource: str
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FromField:
    """A value read from a field of table number `table`."""

    table: int
    field: Field


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value on every fact; physical text when the descriptor gives text."""

    value: Any
    field: Field | None


@dataclass(frozen=True, slots=True)
class Unpivoted:
    """A value that differs by the measure column a fact was made from: one entry for each of `Branch.unpivot`.

    `values` are constants for a reduced column; empty for the normalisation target, whose value is the cell itself.
    """

    values: tuple[Any, ...]
    field: Field


Origin = FromField | Constant | Unpivoted


@dataclass(frozen=True, slots=True)
class Branch:
    """How the facts of one resource are made. Without `unpivot` one row is one fact."""

    resource: Resource
    joins: tuple[Join, ...]
    unpivot: tuple[Field, ...]
    attributes: tuple[tuple[Attribute, Origin], ...]
    measures: tuple[tuple[Measure, Origin], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The branches of a package, stacked into one fact table."""

    branches: tuple[Branch, ...]

    def resources(self) -> Iterator[str]:
        """Names of all resources that the plan reads, each once."""
        names = [name for one in self.branches for name in (one.resource.name, *(join.resource for join in one.joins))]
        yield from dict.fromkeys(names)


def plan(package: Package, model: Model) -> tuple[Plan | None, list[Problem]]:
    """How the facts of `package` are made, or None with the problems that make it uncertain."""
    problems: list[Problem] = []
    branches = [_branch(package, model, name, problems) for name in model.fact_resources]
    if any(one.severity == "error" for one in problems):
        return None, problems
    return Plan(tuple(one for one in branches if one is not None)), problems


def _branch(package: Package, model: Model, name: str, problems: list[Problem]) -> Branch | None:
    resource = package.resource(name)
    if resource is None:
        problems.append(problem("fiscal/no-path-to-resource", resource=name, other=name))
        return None
    joins, tables = _joins(package, model, resource, problems)
    if any(one.severity == "error" for one in problems):
        return None
    unpivot = tuple(one for one in resource.schema.fields if one.normalize)
    find = _Finder(resource, tables, unpivot)
    attributes = tuple((one, find.origin(one)) for one in _attributes(model))
    measures = tuple((one, find.origin(one)) for one in model.measures)
    return Branch(resource, joins, unpivot, attributes, measures)


def _attributes(model: Model) -> Iterator[Attribute]:
    """Every attribute once; dimensions that share a source column share its fact column."""
    seen: set[str] = set()
    for dimension in model.dimensions:
        for attribute in dimension.attributes:
            if attribute.column not in seen:
                seen.add(attribute.column)
                yield attribute


@dataclass(frozen=True, slots=True)
class _Finder:
    """Finds where the value of a measure or attribute comes from, in one branch."""

    resource: Resource
    tables: dict[str, tuple[int, Resource]]
    unpivot: tuple[Field, ...]

    def origin(self, one: Attribute | Measure) -> Origin:
        if isinstance(one, Attribute) and one.source is None:
            return Constant(one.constant, None)
        # With several fact resources the model names the first; each branch reads its own equally named columns.
        table, resource = self.tables.get(one.resource, (0, self.resource))
        field = resource.schema.field(one.source or "")
        if field is None:
            raise LookupError(f"{one.source} is not a field of {resource.name}")
        if table == 0 and field in resource.schema.extra_fields:
            return self._extra(field)
        return FromField(table, field)

    def _extra(self, field: Field) -> Origin:
        if field.constant is not UNSET:
            return Constant(field.constant, field)
        if field.normalization_target:
            return Unpivoted((), field)
        return Unpivoted(tuple((one.normalize or {}).get(field.name) for one in self.unpivot), field)


def _joins(
    package: Package, model: Model, fact: Resource, problems: list[Problem]
) -> tuple[tuple[Join, ...], dict[str, tuple[int, Resource]]]:
    """The joins that reach every resource the model needs, walking foreign keys outwards from the fact resource."""
    needed = {one.resource for dimension in model.dimensions for one in dimension.attributes if one.source is not None}
    needed -= set(model.fact_resources)
    joins: list[Join] = []
    tables: dict[str, tuple[int, Resource]] = {fact.name: (0, fact)}
    waiting = [fact]
    while waiting:
        here = waiting.pop(0)
        for key in here.schema.foreign_keys:
            other = package.resource(key.resource)
            if other is None or other.name == here.name:
                continue
            if other.name in tables:
                if other.name in needed:
                    problems.append(_two_ways(here, key))
                continue
            if other.name in model.fact_resources:
                continue
            joins.append(Join(tables[here.name][0], key.fields, other.name, key.reference_fields))
            tables[other.name] = (len(joins), other)
            waiting.append(other)
    lost = sorted(needed - set(tables))
    problems.extend(problem("fiscal/no-path-to-resource", resource=fact.name, other=name) for name in lost)
    return _pruned(joins, needed, tables)


def _two_ways(here: Resource, key: ForeignKey) -> Problem:
    return problem("fiscal/two-paths-to-resource", resource=here.name, field=", ".join(key.fields), other=key.resource)


def _pruned(
    joins: list[Join], needed: set[str], tables: dict[str, tuple[int, Resource]]
) -> tuple[tuple[Join, ...], dict[str, tuple[int, Resource]]]:
    """Only the joins whose columns the model uses, or that lie on the way to such; tables counted anew."""
    keep: set[int] = set()
    for number in range(len(joins), 0, -1):
        if joins[number - 1].resource in needed or any(joins[n - 1].source == number for n in keep):
            keep.add(number)
    renumbered = {0: 0} | {old: new for new, old in enumerate(sorted(keep), start=1)}
    kept = tuple(
        Join(renumbered[join.source], join.left, join.resource, join.right)
        for number, join in enumerate(joins, start=1)
        if number in keep
    )
    return kept, {name: (renumbered[n], resource) for name, (n, resource) in tables.items() if n in renumbered}
