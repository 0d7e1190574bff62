"""All tables of an import as one package: which hold the amounts, what is turned into rows, which lists are joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb

from openspending.etl.decisions import Decision
from openspending.etl.importing.answers import Answers
from openspending.etl.importing.around import Around, constant_year, look_around
from openspending.etl.importing.chosen import Chosen
from openspending.etl.importing.columnsmade import told
from openspending.etl.importing.lists import join_lists
from openspending.etl.importing.modelled import Modelled
from openspending.etl.importing.nextfile import as_before
from openspending.etl.importing.ownmoney import pay_each
from openspending.etl.importing.precedent import Precedent
from openspending.etl.importing.prepared import ColumnMade
from openspending.etl.importing.stacking import stack
from openspending.etl.importing.tablemade import APART, FACTS, Making, making
from openspending.etl.importing.widening import widen

# What a descriptor of ours begins with, in this order.
_FIRST: Final = ("name", "title", "description")


@dataclass(slots=True)
class Assembled:
    """The descriptor, the tables in it, and what a person should know."""

    descriptor: dict[str, Any]
    tables: list[Making]
    notes: list[str] = field(default_factory=list)
    by: str = "dataset"  # who says what is known of columns
    decisions: Sequence[Decision] = ()

    def role(self, one: Modelled) -> str:
        """“facts”, “list” or “apart”."""
        return next((table.role for table in self.tables if table.modelled is one), APART)

    def resource(self, one: Modelled) -> dict[str, Any]:
        """The raw resource of a table."""
        return next(table.resource() for table in self.tables if table.modelled is one)

    def columns(self, one: Modelled) -> tuple[ColumnMade, ...]:
        """What people are told of the columns of a table."""
        table = next(each for each in self.tables if each.modelled is one)
        said = {column.label: one.known.get(column.label) for column in one.columns}
        return tuple(
            told(
                column,
                table.fields[column.label],
                by="proposal" if said[column.label] is None else self.by,
                said=self._said(column.label),
            )
            for column in one.columns
        )

    def _said(self, label: str) -> dict[str, str]:
        """Who said what of one column."""
        start = f"column:{label}:"
        return {one.id.removeprefix(start): one.by for one in self.decisions if one.id.startswith(start)}


def assemble(
    connection: duckdb.DuckDBPyConnection,
    modelled: Sequence[Modelled],
    chosen: Sequence[Chosen],
    answers: Answers,
    precedent: Precedent | None,
    properties: Mapping[str, Any],
) -> Assembled:
    """The package. Raises WrongAnswer."""
    notes: list[str] = []
    tables = []
    title = properties.get("title") or (precedent.properties.get("title") if precedent else None)
    for one, choice in zip(modelled, chosen, strict=True):
        if choice.known is not None:
            by = precedent.by if precedent else "recipe"
            made = as_before(one, choice.known, answers, by=by, same=choice.same, kept=choice.kept)
        else:
            made = _proposed(connection, one, answers, title, notes)
        tables.append(made)
    facts = [one for one in tables if one.role == FACTS]
    if not (precedent and any(one.schema.get("foreignKeys") for one in tables)):
        lists = [one for one in tables if one.role != FACTS]
        notes += join_lists(connection, stack(facts, answers), lists, answers) if facts else []
    by = precedent.by if precedent else "dataset"
    return Assembled(_descriptor(tables, precedent, properties), tables, notes, by, answers.decisions)


def _proposed(
    connection: duckdb.DuckDBPyConnection, one: Modelled, answers: Answers, title: str | None, notes: list[str]
) -> Making:
    """A table that nothing was known of."""
    around = look_around(one, answers, title) if one.measures else Around()
    made = making(one, None, around.money)
    made.direction = around.money.get("direction")
    notes += around.notes
    if made.role == FACTS:
        widen(connection, made, answers)
        pay_each(made, answers)
        if around.year is not None and not made.dated:
            made.extra_fields.append(dict(constant_year(around.year, made.free_name("Fiscal year"))))
    return made


def _descriptor(tables: Sequence[Making], precedent: Precedent | None, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The whole descriptor; tables kept apart have no meaning in it. A property that is None is taken away."""
    before = dict(precedent.properties) if precedent else {}
    given = {**properties, **before, **{name: one for name, one in properties.items() if name != "name"}}
    given = {name: one for name, one in given.items() if one is not None}
    head = {name: given[name] for name in _FIRST if given.get(name)}
    rest = {name: value for name, value in given.items() if name not in head and name not in ("profile", "resources")}
    for one in tables:
        if one.role == APART:
            for each in one.fields.values():
                for meaning in ("columnType", "normalize", "currency", "factor", "direction", "phase"):
                    each.pop(meaning, None)
    return {**head, "profile": "tabular-data-package", **rest, "resources": [one.resource() for one in tables]}
