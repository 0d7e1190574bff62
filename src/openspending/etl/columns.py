"""What each column of a package is for: an amount, an attribute, or nothing; and so how its cells are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openspending.fdp.denormalise import Branch, FromField, Plan, Unpivoted
from openspending.fdp.model import Attribute
from openspending.fdp.package import Field, Resource
from openspending.fdp.values import Reading, reading

Roles = dict[tuple[str, str], str]  # (resource, field) → number, string, integer, …; fields without a role are unused


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a loaded resource: its place, its field, how it is read, and whether the model uses it."""

    position: int
    field: Field
    reading: Reading
    used: bool
    amount: bool

    @property
    def sql(self) -> str:
        """Its name in the raw relation."""
        return f"f{self.position}"


def roles(plan: Plan) -> Roles:
    """The role of every field that the plan uses. Keys of joins are text; a column that is an amount and an attribute
    as well is read as an amount."""
    found: Roles = {}
    for branch in plan.branches:
        for join in branch.joins:
            left = _resource_of(branch, join.source)
            found |= {(left, name): "string" for name in join.left}
            found |= {(join.resource, name): "string" for name in join.right}
        for attribute, origin in branch.attributes:
            if isinstance(origin, FromField):
                found[_resource_of(branch, origin.table), origin.field.name] = attribute.type
        found |= {(branch.resource.name, field.name): "number" for field in amount_fields(branch)}
    return found


def amount_fields(branch: Branch) -> Iterator[Field]:
    """The fields of the fact resource that hold amounts."""
    for at in range(len(branch.measures)):
        yield from fields_of(branch, at)


def fields_of(branch: Branch, measure: int) -> tuple[Field, ...]:
    """The fields that the amounts of a branch's measure number `measure` stand in."""
    _, origin = branch.measures[measure]
    if isinstance(origin, Unpivoted):
        return branch.unpivot
    return (origin.field,) if isinstance(origin, FromField) else ()


def columns(resource: Resource, used: Roles, amounts: frozenset[str]) -> list[Column]:
    """The columns of a resource in the order of its schema. Unused ones keep their text but must fit their type."""
    made = []
    for position, field in enumerate(resource.schema.fields):
        role = used.get((resource.name, field.name))
        read = reading(field, resource.schema.missing_values, role or "string")
        made.append(Column(position, field, read, role is not None, field.name in amounts))
    return made


def dated(plan: Plan) -> Iterator[tuple[Attribute, list[tuple[str, str]]]]:
    """Every attribute of type date with the (resource, field) it is read from in each branch."""
    found: dict[str, tuple[Attribute, list[tuple[str, str]]]] = {}
    for branch in plan.branches:
        for attribute, origin in branch.attributes:
            if attribute.type == "date" and isinstance(origin, FromField):
                place = _resource_of(branch, origin.table), origin.field.name
                found.setdefault(attribute.column, (attribute, []))[1].append(place)
    yield from found.values()


def _resource_of(branch: Branch, table: int) -> str:
    """The name of table number `table` of a branch: 0 is the fact resource, the others are joined to it."""
    return branch.resource.name if table == 0 else branch.joins[table - 1].resource
