"""Columns of the publisher's tables that exclude each other, though the package does not say what they mean.

They are not among the facts, so that no query can cut them apart; all that can be done is to say so with every sum.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

import duckdb

from openspending.analytics.guards.meanings import Meaning, meaning
from openspending.analytics.guards.roles import LISTED, Member, Suspect
from openspending.etl.check import Checked
from openspending.fdp.model import Attribute, Model
from openspending.fdp.package import Field, Resource
from openspending.fdp.problems import shorten
from openspending.fdp.sqltext import identifier
from openspending.fdp.values import reading
from openspending.speaking.said import said, together

_SHOWN: Final = 5
_NAMED: Final = 60  # characters of a text in a sentence
_TEXTS: Final = ("string", "any", "integer")


def undeclared(connection: duckdb.DuckDBPyConnection, checked: Checked, known: Container[str]) -> Iterator[Suspect]:
    """What each such column of the tables of amounts would mix; `known` are the kinds that facts can be cut by."""
    used = set(_used(checked.model))
    for name in checked.model.fact_resources:
        resource = checked.package.resource(name)
        if resource is None or name not in checked.loaded:
            continue
        for number, field in enumerate(resource.schema.fields):
            if field.name not in used and field.normalize is None and field.type in _TEXTS:
                members = _members(connection, checked.loaded[name].relation, number, field, resource)
                found = _meaning(field, members, name)
                if found is not None and found.kind not in known:
                    yield _suspect(field, found, members)


def _used(model: Model) -> Iterator[str]:
    """The fields of the tables of amounts that the facts have. Stacked tables have the same ones."""
    attributes = [one for dimension in model.dimensions for one in dimension.attributes]
    yield from (one.source for one in attributes if one.source and one.resource in model.fact_resources)
    yield from (one.source for one in model.measures)


def _members(
    connection: duckdb.DuckDBPyConnection, relation: str, number: int, field: Field, resource: Resource
) -> list[Member]:
    text = reading(field, resource.schema.missing_values, "string").text(f"f{number}")
    found = connection.execute(
        f"SELECT {text} AS t, count(*) AS n FROM {identifier(relation)}"
        f" GROUP BY t ORDER BY n DESC, t LIMIT {LISTED + 1}"
    ).fetchall()
    return [Member(value, None, facts) for value, facts in found]


def _meaning(field: Field, members: list[Member], resource: str) -> Meaning | None:
    if not 1 < len(members) <= LISTED:
        return None
    attribute = Attribute(field.name, "", resource, field.name, column_type=field.column_type)
    return meaning(attribute, [field.name, *([field.title] if field.title else [])], members)


def _suspect(field: Field, found: Meaning, members: list[Member]) -> Suspect:
    values = tuple(None if one.value is None else shorten(str(one.value), _NAMED) for one in members[:_SHOWN])
    named = [said("nothing") if one is None else said("“{name}”", name=one) for one in values]
    shown = together(*named, *(["…"] if len(members) > _SHOWN else []), between=", ")
    text = said(
        "Column “{column}” has {values}, but the package does not say what it means, so that sums add all of them "
        "together. {reason}",
        column=field.name,
        values=shown,
        reason=found.reason,
    )
    return Suspect(f"undeclared-{found.kind}", text, None, values)
