"""What stored aggregates a build has: `catalog.json`, by which planners and sites find the cuboid they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.analytics.cubemodel import COUNT

CATALOGUE: Final = "catalog.json"
# What is kept of each measure in each cell, as functions of aggregates. All else follows from them exactly.
KEPT: Final = ("sum", "count", "min", "max", "positive")


@dataclass(frozen=True, slots=True)
class Cuboid:
    """One stored aggregate: the facts, grouped by all attributes in `columns` (ref → column of the fact table).

    Each of its `cells` has the number of its facts, `_count`, and of each of `measures` what `KEPT` lists, in columns
    called as aggregates are (`amount.sum`). `bytes` and `sha256` are those of its Parquet file; `json` tells whether it
    is there as JSON too.
    """

    id: str
    dimensions: tuple[str, ...]
    columns: Mapping[str, str]
    measures: tuple[str, ...]
    cells: int
    bytes: int
    sha256: str
    json: bool

    @property
    def sums(self) -> list[str]:
        """The columns that are no attributes, in order."""
        return [COUNT, *(f"{measure}.{function}" for measure in self.measures for function in KEPT)]

    def to_json(self) -> dict[str, Any]:
        """As the catalogue lists it."""
        return {
            "id": self.id,
            "dimensions": list(self.dimensions),
            "attributes": [{"ref": ref, "column": column} for ref, column in self.columns.items()],
            "measures": list(self.measures),
            "cells": self.cells,
            "path": f"{self.id}.parquet",
            "bytes": self.bytes,
            "sha256": self.sha256,
            "json": f"{self.id}.json" if self.json else None,
        }


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The cuboids of a build of `facts` facts, the smallest first. `hash` is the logical hash of these facts."""

    facts: int
    hash: str
    cuboids: tuple[Cuboid, ...]

    def to_json(self) -> dict[str, Any]:
        """As `catalog.json` has it; `catalogue_from` reads it back."""
        return {"facts": self.facts, "hash": self.hash, "cuboids": [one.to_json() for one in self.cuboids]}


def catalogue_from(raw: Mapping[str, Any]) -> Catalogue:
    """What `Catalogue.to_json` made `raw` from. Raises KeyError and TypeError for anything else."""
    return Catalogue(raw["facts"], raw["hash"], tuple(_cuboid(one) for one in raw["cuboids"]))


def _cuboid(raw: Mapping[str, Any]) -> Cuboid:
    return Cuboid(
        id=raw["id"],
        dimensions=tuple(raw["dimensions"]),
        columns={one["ref"]: one["column"] for one in raw["attributes"]},
        measures=tuple(raw["measures"]),
        cells=raw["cells"],
        bytes=raw["bytes"],
        sha256=raw["sha256"],
        json=raw["json"] is not None,
    )
