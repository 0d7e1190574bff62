"""Finds the roles in a fact table, at derivation: asks the facts what `meanings`, `layers` and `guard` need to know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import duckdb

from openspending.analytics import cubemodel, roles
from openspending.analytics.cubemodel import CubeModel, Dimension
from openspending.analytics.layers import SEARCHED, Facts, nested
from openspending.analytics.meanings import Meaning, default, meaning
from openspending.analytics.roles import Exclusive, Member, Nested, Role, Roles, Scalar, Signs, Suspect, Years
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
_OF_LEVELS: Final = ("fiscal/mixed-levels", "fiscal/subtotal-rows", "fiscal/maybe-total-rows")


def find_roles(
    connection: duckdb.DuckDBPyConnection, source: str, model: Model, cube: CubeModel, problems: Sequence[Problem] = ()
) -> Roles:
    """The roles of all dimensions of `cube` over the facts in `source` (a relation as SQL); `model` is the package's,
    `problems` are what its check warned of."""
    finder = _Finder(Facts(connection, source, cube), model)
    exclusive = tuple(finder.exclusive())
    years = finder.years()
    proven, suspects = finder.levels(exclusive)
    known = {one.ref: one.kind for one in exclusive}
    return Roles(
        dimensions=tuple(finder.roles(known)),
        exclusive=exclusive,
        nested=tuple(proven),
        suspects=(*suspects, *finder.warned(problems, bool(proven or suspects))),
        years=years,
        signs=tuple(finder.signs()),
    )


class _Finder:
    """One fact table being asked. Counts of members are asked once."""

    def __init__(self, facts: Facts, model: Model) -> None:
        self._facts = facts
        self._groups = {one.name: one for one in model.dimensions}
        self._model = model
        (counted,) = facts.rows(", ".join(["count(*)", *(f"approx_count_distinct({one})" for one in self._columns())]))
        self._total: int = counted[0]
        self._about = dict(zip(self._columns(), counted[1:], strict=True))
        self._counts = {name: self._members_of(one) for name, one in facts.cube.dimensions.items()}

    def _columns(self) -> list[str]:
        return list(dict.fromkeys(identifier(one.column.name) for one in self._facts.attributes))

    def _members_of(self, dimension: Dimension) -> int:
        key = identifier(dimension.key.column.name)
        ((count,),) = self._facts.rows(f"count(DISTINCT {key}) + coalesce(bool_or({key} IS NULL)::INT, 0)")
        return int(count)

    def _of(self, dimension: Dimension) -> tuple[Attribute, Group]:
        raw = self._facts.cube.spec["dimensions"][dimension.ref]
        group = self._groups[raw["orig_dimension"]]
        name = raw["attributes"][dimension.key.name]["orig_attribute"]
        return next(one for one in group.attributes if one.name == name), group

    def _is_time(self, dimension: Dimension) -> bool:
        attribute, group = self._of(dimension)
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
        """The dimensions whose members exclude each other."""
        for name, dimension in self._facts.cube.dimensions.items():
            attribute, group = self._of(dimension)
            few = self._counts[name] <= _MANY or attribute.column_type is not None
            if self._counts[name] and few and not self._is_time(dimension):
                members = self._members(dimension)
                names = [group.name, attribute.name, attribute.source or "", attribute.title or ""]
                found = meaning(attribute, [one for one in dict.fromkeys(names) if one], members)
                if found is not None:
                    yield self._exclusive(dimension, found, members)

    def _exclusive(self, dimension: Dimension, found: Meaning, members: Sequence[Member]) -> Exclusive:
        label = dimension.label.ref if dimension.label is not dimension.key else None
        return Exclusive(
            ref=dimension.ref,
            key=dimension.key.ref,
            label=label,
            kind=found.kind,
            reason=found.reason,
            count=self._counts[dimension.ref],
            members=tuple(members),
            told_by=self._told_by(dimension.key.column.name, dimension.key.ref),
            default=default(found.kind, members),
        )

    def _members(self, dimension: Dimension) -> list[Member]:
        key, label = identifier(dimension.key.column.name), identifier(dimension.label.column.name)
        found = self._facts.rows(
            f"{key} AS k, CASE WHEN count(DISTINCT {label}) = 1 THEN CAST(max({label}) AS VARCHAR) END, count(*) AS n",
            f"GROUP BY k ORDER BY n DESC, k NULLS LAST LIMIT {roles.LISTED}",
        )
        same = dimension.label is dimension.key
        return [Member(plain(value), None if same else text, facts) for value, text, facts in found]

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
        typed = [one for one in times if self._of(one)[0].column_type == "date:fiscal-year"]
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
        if not found or not all(_YEAR.fullmatch(str(value).strip()) for value, _ in found):
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
        """Facts that sum up others: among all, or else among those of the default members, where each phase or
        direction would have levels of its own."""
        if self._total > SEARCHED:
            return [], []
        proven, suspects = nested(self._facts)
        several = [one for one in exclusive if one.count > 1]
        if not proven and not suspects and several:
            conditions = [_equals(self._facts.column(one.key), one.default.value) for one in several]
            proven, suspects = nested(replace(self._facts, where=" AND ".join(conditions)))
        told = [
            replace(one, told_by=self._told_by(self._name(one.ref), one.ref)) if one.above else one for one in proven
        ]
        return told, suspects

    def _name(self, ref: str) -> str:
        return next(one.column.name for one in self._facts.attributes if one.ref == ref)

    def warned(self, problems: Sequence[Problem], known: bool) -> Iterator[Suspect]:
        """What the check of the tables warned of, unless the facts say more."""
        seen = set()
        for one in problems:
            if one.code in _OF_LEVELS and not known and (one.code, one.field) not in seen:
                seen.add((one.code, one.field))
                yield Suspect("levels-mixed", one.message, self._ref_of(one))

    def _ref_of(self, problem: Problem) -> str | None:
        attributes = (one for group in self._groups.values() for one in group.attributes)
        columns = {one.column for one in attributes if one.source is not None and one.source == problem.field}
        return next((one.ref for one in self._facts.attributes if one.column.name in columns), None)

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
