"""Which attributes tell the member of another one: each of their values has facts of one member only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from openspending.analytics.cubemodel import Attribute
from openspending.analytics.guards.layers import Facts
from openspending.fdp.sqltext import identifier

_TELLING: Final = 50_000  # values of an attribute that are asked what they tell


def told_by(facts: Facts, told: Sequence[str], about: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """For each ref of `told`, itself and then the refs of the attributes that tell it; `about` are numbers of values by
    column, approximately. Each other attribute is asked once, about all of `told`."""
    attributes = {one.ref: one for one in facts.attributes}
    wanted = [ref for ref in dict.fromkeys(told) if _varies(facts, attributes[ref])]
    found = {ref: [ref] for ref in told}
    for other in facts.attributes:
        several = about[other.column.name]
        asked = [ref for ref in wanted if ref != other.ref and several * 4 >= about[attributes[ref].column.name]]
        if asked and several <= _TELLING:
            for ref, tells in zip(asked, _tells(facts, other, [attributes[ref] for ref in asked]), strict=True):
                if tells:
                    found[ref].append(other.ref)
    return {ref: tuple(refs) for ref, refs in found.items()}


def _varies(facts: Facts, attribute: Attribute) -> bool:
    """Whether there are two values, a missing one counted too."""
    return not facts.rows(_single(facts.column(attribute.ref)))[0][0]


def _tells(facts: Facts, other: Attribute, told: Sequence[Attribute]) -> tuple[bool, ...]:
    """Whether `other` tells each of `told`."""
    columns = dict.fromkeys(identifier(one.column.name) for one in told)
    single = {column: f"s{number}" for number, column in enumerate(columns)}
    groups = ", ".join(f"{_single(column)} AS {name}" for column, name in single.items())
    grouped = f"SELECT {groups} FROM {facts.source} WHERE {facts.where} GROUP BY {identifier(other.column.name)}"
    asked = ", ".join(f"bool_and({single[identifier(one.column.name)]})" for one in told)
    found: tuple[bool, ...] = facts.connection.execute(f"SELECT {asked} FROM ({grouped})").fetchall()[0]
    return found


def _single(column: str) -> str:
    """Whether all values are the same one, or all are missing. Half the time of counting distinct ones."""
    return f"count({column}) = 0 OR (count({column}) = count(*) AND min({column}) = max({column}))"
