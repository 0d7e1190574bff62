"""One table of the package in the making: its raw resource, changed step by step until the descriptor is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openspending.etl.importing.columnsmade import Column, field_of
from openspending.etl.importing.modelled import Modelled
from openspending.etl.importing.precedent import Known, relabelled
from openspending.etl.importing.rawtables import without_marks

FACTS: Final = "facts"
LIST: Final = "list"
APART: Final = "apart"


@dataclass(slots=True)
class Making:
    """`fields` are raw fields by label, in the order of the file; `role` is FACTS, LIST or APART."""

    modelled: Modelled
    role: str
    fields: dict[str, dict[str, Any]]
    extra_fields: list[dict[str, Any]] = field(default_factory=list)
    schema: dict[str, Any] = field(default_factory=dict)
    rules: list[dict[str, Any]] = field(default_factory=list)
    rest: dict[str, Any] = field(default_factory=dict)
    direction: str | None = None

    @property
    def name(self) -> str:
        """The resource's name."""
        return self.modelled.table.name

    def typed(self) -> Iterator[dict[str, Any]]:
        """The fields that mean something."""
        yield from (one for one in (*self.fields.values(), *self.extra_fields) if one.get("columnType"))

    @property
    def dated(self) -> bool:
        """Whether a column tells the time."""
        return any(str(one["columnType"]).startswith("date:") for one in self.typed())

    def free_name(self, wanted: str) -> str:
        """A name that no column of this table has."""
        taken = {str(one["name"]).casefold() for one in (*self.fields.values(), *self.extra_fields)}
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted} {number}"
        return name

    def resource(self) -> dict[str, Any]:
        """The resource as the descriptor has it."""
        raw = dict(self.modelled.table.raw)
        schema = {**self.schema, "fields": list(self.fields.values())}
        if self.extra_fields:
            schema["extraFields"] = self.extra_fields
        names = {label: str(one["name"]) for label, one in self.fields.items()}
        rules = [relabelled(rule, names) or dict(rule) for rule in self.rules]
        left_out = {"leaveOut": rules} if rules else {}
        return {**raw, **self.rest, "name": self.name, "schema": schema, **left_out}


def making(modelled: Modelled, known: Known | None, money: Mapping[str, Any]) -> Making:
    """A table as it is modelled; what a precedent says of it is kept, its constants and keys too."""
    role = FACTS if modelled.measures else LIST
    fields = {}
    for column in modelled.columns:
        before = modelled.known.get(column.label)
        field_ = field_of(column, money) if before is None else _as_before(before, column)
        fields[column.label] = {**field_, **_aliases(modelled, column.label, field_)}
    made = Making(modelled, role, fields, rules=list(modelled.rules))
    if known is not None:
        made.extra_fields = [dict(one) for one in known.extra_fields]
        made.schema = dict(known.schema)
        made.rest = {name: value for name, value in known.rest.items() if name != "leaveOut"}
    return made


def _as_before(before: Mapping[str, Any], column: Column) -> dict[str, Any]:
    """A precedent's field; how its cells are written may have changed."""
    if column.measure and column.writing.reason != "its cells are written as before":
        return {**before, **column.writing.props}
    return dict(before)


def _aliases(modelled: Modelled, label: str, made: Mapping[str, Any]) -> dict[str, Any]:
    """Other labels of a column in some part, and this file's own where the field has another name."""
    others = [*(made.get("aliases") or ()), *modelled.table.aliases.get(label, ())]
    if made["name"] != without_marks(label):  # what nobody sees is told each time
        others.append(label)
    return {"aliases": list(dict.fromkeys(others))} if others else {}
