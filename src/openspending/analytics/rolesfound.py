"""Finds the roles in a fact table, at derivation: asks the facts what `meanings`, `layers` and `guard` need to know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import duckdb

from openspending.analytics import cubemodel, roles
from openspending.analytics.cubemodel import CubeModel, Dimension
from openspending.analytics.layers import Facts, nested
from openspending.analytics.meanings import default, meaning
from openspending.analytics.roles import Exclusive, Member, Nested, Role, Roles, Scalar, Signs, Suspect, Years
from openspending.analytics.undeclared import undeclared
from openspending.etl.check import Checked
from openspending.fdp.model import Attribute, Model
from openspending.fdp.model import Dimension as Group
from openspending.fdp.problems import Problem
from openspending.fdp.roles import is_date_dimension
from openspending.fdp.sqltext import identifier, literal

_MANY: Final = 1_000  # members; a dimension with more is no set of phases, and only one of currencies by its ColumnType
_TELLING: Final = 50_000  # values of an attribute that are asked what they tell
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
    unsaid = undeclared(connection, checked, {one.kind for one in exclusive if one.count > 1})
    return Roles(
        dimensions=tuple(finder.roles(known)),
        exclusive=exclusive,
        nested=tuple(proven),
        suspects=(*suspects, *finder.warned(checked.report, bool(proven or suspects)), *unsaid),
        years=years,
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
        (counted,) = facts.rows(", ".join(["count(*)", *(f"approx_count_distinct({one})" for one in self._columns())]))
        self._total: int = counted[0]
        self._about = dict(zip(self._columns(), counted[1:], strict=True))
        self._counts = {name: self._count(one.key) for name, one in facts.cube.dimensions.items()}

    def _columns(self) -> list[str]:
        return list(dict.fromkeys(identifier(one.column.name) for one in self._facts.attributes))

    def _count(self, attribute: cubemodel.Attribute) -> int:
        key = identifier(attribute.column.name)
        ((count,),) = self._facts.rows(f"count(DISTINCT {key}) + coalesce(bool_or({key} IS NULL)::INT, 0)")
        return int(count)

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
        count = self._count(key)
        if not count or (count > _MANY and attribute.column_type is None):
            return None
        members = self._members(key, label)
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
            count=count,
            members=tuple(members),
            told_by=self._told_by(key.column.name, key.ref),
            default=default(found.kind, members),
        )

    def _members(self, key_: cubemodel.Attribute, label_: cubemodel.Attribute) -> list[Member]:
        key, label = identifier(key_.column.name), identifier(label_.column.name)
        found = self._facts.rows(
            f"{key} AS k, CASE WHEN count(DISTINCT {label}) = 1 THEN CAST(max({label}) AS VARCHAR) END, count(*) AS n",
            f"GROUP BY k ORDER BY n DESC, k NULLS LAST LIMIT {roles.LISTED}",
        )
        return [Member(plain(value), None if label_ is key_ else text, facts) for value, text, facts in found]

    def _told_by(self, column: str, ref: str) -> tuple[str, ...]:
        """The attributes of which every value has facts of one member only."""
        told, name = identifier(column), ref
        found = [name]
        if self._facts.rows(f"count(DISTINCT {told}) + coalesce(bool_or({told} IS NULL)::INT, 0)") <= [(1,)]:
            return tuple(found)
        for one in self._facts.attributes:
            other = identifier(one.column.name)
            if one.ref == name or self._about[other] > _TELLING or self._about[other] * 4 < self._about[told]:
                continue
            several = f"count(DISTINCT {told}) + bool_or({told} IS NULL)::INT > 1"
            if not self._facts.rows("1", f"GROUP BY {other} HAVING {several} LIMIT 1"):
                found.append(one.ref)
        return tuple(found)

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
        if self._about[key] > _MOST_YEARS * 2:
            return None
        found = self._facts.rows(f"{key} AS k, count(*)", "AND k IS NOT NULL GROUP BY k ORDER BY k")
        known = sum(_YEAR.fullmatch(str(value).strip()) is not None for value, _ in found)
        typed = self._origin[attribute.ref][0].column_type == "date:fiscal-year"
        if not found or not (typed or known * 10 >= len(found) * 9):  # one may be the quarter of a transition
            return None
        told = self._told_by(attribute.column.name, attribute.ref)
        return Years(dimension.ref, attribute.ref, tuple((plain_year(one), facts) for one, facts in found), told)

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
        told = [
            replace(one, told_by=self._told_by(self._name(one.ref), one.ref)) if one.above else one for one in proven
        ]
        return told, suspects

    def _name(self, ref: str) -> str:
        return next(one.column.name for one in self._facts.attributes if one.ref == ref)

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
