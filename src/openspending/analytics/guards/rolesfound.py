"""Finds the roles in a fact table, at derivation: asks the facts what `meanings`, `layers` and `guard` need to know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import duckdb

from openspending.analytics import cubemodel
from openspending.analytics.cubemodel import CubeModel, Dimension
from openspending.analytics.guards import roles
from openspending.analytics.guards.layers import Facts, nested
from openspending.analytics.guards.meanings import default, may_exclude, meaning
from openspending.analytics.guards.roles import Exclusive, Member, Nested, Role, Roles, Scalar, Signs, Suspect, Years
from openspending.analytics.guards.telling import told_by
from openspending.analytics.guards.undeclared import undeclared
from openspending.etl.check import Checked
from openspending.fdp.model import Attribute, Model
from openspending.fdp.model import Dimension as Group
from openspending.fdp.problems import Problem
from openspending.fdp.roles import is_date_dimension
from openspending.fdp.sqltext import identifier, literal

_MANY: Final = 1_000  # members; a dimension with more is no set of phases, and only one of currencies by its ColumnType
_ALMOST: Final = 2  # times; an approximate count is never as wrong as that
_COUNTED: Final = 10_000  # values; columns with fewer are counted by one statement
_YEAR: Final = re.compile(r"(?:19|20)\d{2}(?:\s?[-/–]\s?(?:\d{2}|\d{4}))?")
_DAY: Final = r"(?:19|20)\d{2}-\d{2}(?:-\d{2}.*)?"
_MOST_YEARS: Final = 200
_PARTED: Final = 50_000  # facts of which each phase, direction and so on is searched by itself
_SEPARATE: Final = 6  # members of an exclusive dimension of which each is searched for levels by itself
_OF_LEVELS: Final = ("fiscal/mixed-levels", "fiscal/subtotal-rows", "fiscal/maybe-total-rows")


def find_roles(connection: duckdb.DuckDBPyConnection, source: str, checked: Checked, cube: CubeModel) -> Roles:
    """The roles of all dimensions of `cube` over the facts in `source` (a relation as SQL), which were made of the
    tables in `checked`."""
    finder = _Finder(Facts(connection, source, _with_all(cube, checked.model)), checked.model)
    exclusive = tuple(finder.exclusive())
    years = finder.years()
    proven, suspects = finder.levels(exclusive)
    known = {one.ref: one.kind for one in exclusive}
    tells = finder.told_by(exclusive, years, proven)
    unsaid = undeclared(connection, checked, {one.kind for one in exclusive if one.count > 1})
    return Roles(
        dimensions=tuple(finder.roles(known)),
        exclusive=tuple(replace(one, told_by=tells[one.key]) for one in exclusive),
        nested=tuple(replace(one, told_by=tells[one.ref]) if one.above else one for one in proven),
        suspects=(*suspects, *finder.warned(checked.report, bool(proven or suspects)), *unsaid),
        years=years if years is None or years.dates else replace(years, told_by=tells[years.key]),
        signs=tuple(finder.signs()),
    )


def _with_all(cube: CubeModel, model: Model) -> CubeModel:
    """The cube that also finds the columns of the facts which are in no dimension."""
    known = {one.column.name for dimension in cube.dimensions.values() for one in dimension.attributes}
    attributes = (one for group in model.dimensions for one in group.attributes)
    return cube.with_further({one.column: one.type for one in attributes if one.column not in known})


class _Finder:
    """One fact table being asked. Counts of members are asked once."""

    def __init__(self, facts: Facts, model: Model) -> None:
        self._facts = facts
        self._model = model
        self._origin = dict(self._origins(model))
        names = list(dict.fromkeys(one.column.name for one in facts.attributes))
        (counted,) = facts.rows(
            ", ".join(["count(*)", *(f"approx_count_distinct({identifier(one)})" for one in names)])
        )
        self._total: int = counted[0]
        self._about: dict[str, int] = dict(zip(names, counted[1:], strict=True))
        self._exact: dict[str, int] = {}
        keys = list(dict.fromkeys(one.key.column.name for one in facts.cube.dimensions.values()))
        few = [one for one in keys if self._about[one] <= _COUNTED]
        for some in [few, *([one] for one in keys if one not in few)]:
            self._count_values(some)
        self._counts = {name: self._exact[one.key.column.name] for name, one in facts.cube.dimensions.items()}

    def _count_values(self, names: Sequence[str]) -> None:
        """Count the values of columns, a missing one too."""
        keys = [identifier(one) for one in names]
        asked = ", ".join(f"count(DISTINCT {key}) + coalesce(bool_or({key} IS NULL)::INT, 0)" for key in keys)
        if asked:
            self._exact.update(zip(names, self._facts.rows(asked)[0], strict=True))

    def _count(self, name: str) -> int:
        if name not in self._exact:
            self._count_values([name])
        return self._exact[name]

    def _origins(self, model: Model) -> Iterator[tuple[str, tuple[Attribute, Group]]]:
        """What each attribute of the cube is in the package's Model, by its ref."""
        groups = {one.name: one for one in model.dimensions}
        for dimension in self._facts.cube.dimensions.values():
            raw = self._facts.cube.spec["dimensions"][dimension.ref]
            group = groups[raw["orig_dimension"]]
            names = {one.name: one for one in group.attributes}
            for one in dimension.attributes:
                yield one.ref, (names[raw["attributes"][one.name]["orig_attribute"]], group)
        beyond = {one.column: (one, group) for group in model.dimensions for one in group.attributes}
        yield from ((name, beyond[name]) for name in self._facts.cube.further)

    def _is_time(self, dimension: Dimension) -> bool:
        attribute, group = self._origin[dimension.key.ref]
        return is_date_dimension(group.kind, attribute.column_type, (group.name, attribute.name))

    # ── roles ──

    def roles(self, exclusive: Mapping[str, str]) -> Iterator[Role]:
        """The role of every dimension; `exclusive` are the kinds of those that exclude, by ref."""
        for name, dimension in self._facts.cube.dimensions.items():
            hierarchy, levels = self._hierarchy(name)
            count = self._counts[name]
            if name in exclusive:
                yield Role(name, roles.EXCLUSIVE, count, exclusive[name])
            elif self._is_time(dimension):
                yield Role(name, roles.TIME, count)
            elif len(levels) > 1 and hierarchy is not None:
                yield Role(name, roles.LEVEL, count, hierarchy=hierarchy, depth=levels.index(name) + 1)
            elif not levels or (count > roles.LISTED and count * 2 > self._total):
                yield Role(name, roles.ATTRIBUTE, count)
            else:
                yield Role(name, roles.PARTITION, count)

    def _hierarchy(self, name: str) -> tuple[str | None, tuple[str, ...]]:
        found = self._facts.cube.hierarchies.items()
        return next(((one, levels) for one, levels in found if name in levels), (None, ()))

    # ── exclusive dimensions ──

    def exclusive(self) -> Iterator[Exclusive]:
        """The dimensions whose members exclude each other: by their keys, or by another attribute that a key does not
        tell; and columns of the facts that are in no dimension."""
        for dimension in self._facts.cube.dimensions.values():
            if not self._is_time(dimension):
                found = self._exclusive(dimension.key, dimension.label, dimension.ref)
                yield from [found] if found else self._further(dimension.attributes[1:])
        yield from self._further(list(self._facts.cube.further.values()))

    def _further(self, attributes: Iterable[cubemodel.Attribute]) -> Iterator[Exclusive]:
        found = (self._exclusive(one, one, one.ref) for one in attributes)
        yield from (one for one in found if one is not None)

    def _exclusive(self, key: cubemodel.Attribute, label: cubemodel.Attribute, ref: str) -> Exclusive | None:
        attribute, group = self._origin[key.ref]
        untyped = attribute.column_type is None
        if not may_exclude(attribute) or (untyped and self._about[key.column.name] > _MANY * _ALMOST):
            return None
        near = self._about[key.column.name] * _ALMOST > _MANY
        if untyped and near and self._count(key.column.name) > _MANY:
            return None
        members = self._members(key, label)
        if not members:
            return None
        names = [attribute.name, attribute.source or "", attribute.title or ""]
        names = [group.name, *names] if ref != key.ref else names
        found = meaning(attribute, [one for one in dict.fromkeys(names) if one], members)
        if found is None:
            return None
        return Exclusive(
            ref=ref,
            key=key.ref,
            label=label.ref if label is not key else None,
            kind=found.kind,
            reason=found.reason,
            count=self._count(key.column.name),
            members=tuple(members),
            told_by=(),
            default=default(found.kind, members),
        )

    def _members(self, key_: cubemodel.Attribute, label_: cubemodel.Attribute) -> list[Member]:
        key, label = identifier(key_.column.name), identifier(label_.column.name)
        text = f"CASE WHEN min({label}) = max({label}) THEN CAST(max({label}) AS VARCHAR) END"
        found = self._facts.rows(
            f"{key} AS k, {'NULL' if label_ is key_ else text}, count(*) AS n",
            f"GROUP BY k ORDER BY n DESC, k NULLS LAST LIMIT {roles.LISTED}",
        )
        return [Member(plain(value), text, facts) for value, text, facts in found]

    def told_by(
        self, exclusive: Sequence[Exclusive], years: Years | None, levels: Sequence[Nested]
    ) -> dict[str, tuple[str, ...]]:
        """By ref of what queries cut, the attributes that tell it too."""
        told = [*(one.key for one in exclusive), *(one.ref for one in levels if one.above)]
        if years is not None and not years.dates:
            told.append(years.key)
        return told_by(self._facts, told, self._about)

    # ── years ──

    def years(self) -> Years | None:
        """The attribute of fiscal years: by its ColumnType; else the one whose values look like years; else the first
        one of days."""
        times = [one for one in self._facts.cube.dimensions.values() if self._is_time(one)]
        typed = [one for one in times if self._origin[one.key.ref][0].column_type == "date:fiscal-year"]
        for one in typed or times:
            for attribute in one.attributes:
                found = self._years(one, attribute)
                if found is not None:
                    return found
        days = [found for one in times if (found := self._days(one)) is not None]
        return days[0] if days else None

    def _years(self, dimension: Dimension, attribute: cubemodel.Attribute) -> Years | None:
        key = identifier(attribute.column.name)
        if self._about[attribute.column.name] > _MOST_YEARS * 2:
            return None
        found = self._facts.rows(f"{key} AS k, count(*)", "AND k IS NOT NULL GROUP BY k ORDER BY k")
        known = sum(_YEAR.fullmatch(str(value).strip()) is not None for value, _ in found)
        typed = self._origin[attribute.ref][0].column_type == "date:fiscal-year"
        if not found or not (typed or known * 10 >= len(found) * 9):  # one may be the quarter of a transition
            return None
        return Years(dimension.ref, attribute.ref, tuple((plain_year(one), facts) for one, facts in found), ())

    def _days(self, dimension: Dimension) -> Years | None:
        """The years of a key that has days, as dates or as texts written like them."""
        text = f"CAST({identifier(dimension.key.column.name)} AS VARCHAR)"
        found = self._facts.rows(
            f"left({text}, 4) AS y, count(*), bool_and(regexp_full_match({text}, {literal(_DAY)}))",
            "AND y IS NOT NULL GROUP BY y ORDER BY y",
        )
        if not found or len(found) > _MOST_YEARS or not all(days for _, _, days in found):
            return None
        years = tuple((int(one), facts) for one, facts, _ in found)
        return Years(dimension.ref, dimension.key.ref, years, (dimension.key.ref,), dates=True)

    # ── levels ──

    def levels(self, exclusive: Sequence[Exclusive]) -> tuple[list[Nested], list[Suspect]]:
        """Facts that sum up others: among all, or else among those of one phase, direction and so on, which may have
        levels that the others lack."""
        proven, suspects = nested(self._facts)
        parted = exclusive if self._total <= _PARTED else ()
        for one in parted:
            for member in one.members[:_SEPARATE] if one.count > 1 else ():
                if not proven and not suspects:
                    alone = _equals(self._facts.column(one.key), member.value)
                    proven, suspects = nested(replace(self._facts, where=alone))
        return proven, suspects

    def warned(self, problems: Iterable[Problem], known: bool) -> Iterator[Suspect]:
        """What the check of the tables warned of, unless the facts say more."""
        seen = set()
        for one in problems:
            if one.code in _OF_LEVELS and not known and (one.code, one.field) not in seen:
                seen.add((one.code, one.field))
                yield Suspect("levels-mixed", one.message, self._ref_of(one))

    def _ref_of(self, problem: Problem) -> str | None:
        sources = ((ref, one.source) for ref, (one, _) in self._origin.items())
        return next((ref for ref, source in sources if source is not None and source == problem.field), None)

    # ── signs ──

    def signs(self) -> Iterator[Signs]:
        """Each measure's amounts by their sign."""
        stated = {one.column: one for one in self._model.measures}
        for name, measure in self._facts.cube.measures.items():
            amount, one = identifier(measure.column.name), stated[measure.column.name]
            (found,) = self._facts.rows(
                f"count(*) FILTER (WHERE {amount} > 0), count(*) FILTER (WHERE {amount} < 0),"
                f" count(*) FILTER (WHERE {amount} = 0), count(*) FILTER (WHERE {amount} IS NULL),"
                f" coalesce(sum({amount}) FILTER (WHERE {amount} > 0), 0),"
                f" coalesce(sum({amount}) FILTER (WHERE {amount} < 0), 0)"
            )
            above, below, zeros, missing, positive, negative = found
            sums = (f"{Decimal(positive):f}", f"{Decimal(negative):f}")
            yield Signs(name, above, below, zeros, missing, *sums, one.phase, one.direction, one.currency)


def plain(value: Any) -> Scalar:
    """A member as JSON has it."""
    if value is None or isinstance(value, str | int | bool):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def plain_year(value: Any) -> str | int:
    """A year as its column has it: a number, or a text such as 2018/19."""
    return value if isinstance(value, int) else str(value)


def _equals(column: str, value: Scalar) -> str:
    return f"{column} IS NULL" if value is None else f"CAST({column} AS VARCHAR) = {literal(str(value))}"
