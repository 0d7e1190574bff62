"""What an index knows of a dataset beside its lines: where it is, what it is about, and how its money divides.

A *cell* is the lines of a dataset that are alike in all that divides money: year, phase, direction, currency and the
like. Everything that can be counted or filtered is the same for all lines of a cell, so that one count and one sum per
cell give every facet of every search, exactly, and amounts of two kinds are never added.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

CELL_BITS: Final = 20  # a cell's id is uid << CELL_BITS | its number within the dataset
MOST_CELLS: Final = 1 << CELL_BITS


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: `scale` is its number of decimals; lines have its amounts as whole numbers of 10^-scale, each cut in
    two: amount = high × 2^width + low. With `width` 0 they are not, and there are no sums: they would not be exact.
    `currency`, `phase` and `direction` are None where the cells say them, or nothing does."""

    ref: str
    title: str
    scale: int
    width: int
    currency: str | None = None
    phase: str | None = None
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose values a line has, beside its amounts; `code` names the column whose label this one is."""

    ref: str
    title: str
    dimension: str
    label_of: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """`year` is the fiscal year as the dataset has it, as text. `marks` are the members of the dimensions that must not
    be added up, by their kind (see `guards.roles`: phase, direction, currency, version, value-kind): phase and
    direction in our words where they are known, else the publisher's."""

    number: int
    lines: int
    year: str | None = None
    marks: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A dataset in an index. `uid` is new for each revision that is indexed.

    `countries` are ISO 3166-1 alpha-2 codes; `level` is country, region, city, or "" when nobody says;
    `classifications` are kinds and standards (`functional:cofog`); `languages` ISO 639-1 codes, those of the dataset,
    else those of its country, and English. `nested`: some facts are sums of others, so that totals may count money
    twice.
    """

    uid: int
    owner: str
    name: str
    revision: int
    hash: str
    created: datetime
    title: str
    lines: int
    description: str = ""
    author: str = ""
    keywords: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    level: str = ""
    licence: str = ""
    classifications: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    nested: bool = False
    measures: tuple[Measure, ...] = ()
    columns: tuple[Column, ...] = ()
    cells: tuple[Cell, ...] = ()

    @property
    def dataset(self) -> str:
        """`owner/name`."""
        return f"{self.owner}/{self.name}"

    def is_in(self, languages: Collection[str]) -> bool:
        """Whether it is in one of these languages, as far as anybody knows: of one that says none, that may be."""
        return not self.languages or not set(self.languages).isdisjoint(languages)

    def cell_id(self, cell: Cell) -> int:
        """The id of one of its cells in the index."""
        return self.uid << CELL_BITS | cell.number

    def to_json(self) -> dict[str, Any]:
        """As the index stores it; `record_from` reads it back."""
        return {**asdict(self), "created": self.created.isoformat()}


def uid_of(cell_id: int) -> int:
    """The record that a cell belongs to."""
    return cell_id >> CELL_BITS


def record_from(raw: Mapping[str, Any]) -> Record:
    """What `Record.to_json` made `raw` from."""
    lists = ("keywords", "countries", "classifications", "languages")
    return Record(
        **{
            **raw,
            **{name: tuple(raw[name]) for name in lists},
            "created": datetime.fromisoformat(raw["created"]),
            "measures": tuple(Measure(**one) for one in raw["measures"]),
            "columns": tuple(Column(**one) for one in raw["columns"]),
            "cells": tuple(Cell(**one) for one in raw["cells"]),
        }
    )
