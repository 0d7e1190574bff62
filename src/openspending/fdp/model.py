"""The Model: the measures and dimensions of a package, whatever dialect its descriptor is written in.

Every attribute and measure has a `column`: its name in the fact table. Those names are unique, safe identifiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openspending.fdp.package import UNSET


@dataclass(frozen=True, slots=True)
class Measure:
    """A column that is summed. Facts hold amount × factor, exactly."""

    name: str
    column: str  # in the fact table
    resource: str  # the resource that holds it
    source: str  # name of its field, or of the extra field that is the normalisation target
    title: str | None = None
    currency: str | None = None
    factor: Decimal = Decimal(1)
    direction: str | None = None
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column of a dimension. Exactly one of `source` and `constant` is given."""

    name: str
    column: str
    resource: str
    source: str | None  # name of a field or extra field; None when `constant` is given here (FDP 0.3)
    constant: Any = UNSET
    title: str | None = None
    type: str = "string"  # the type facts hold: string, integer, number, boolean, date, datetime, time
    label_of: str | None = None  # name of the attribute of the same dimension that this one labels
    parent: str | None = None  # name of the attribute one level up
    column_type: str | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of attributes that describe facts; `key` names the key attributes, broad to narrow."""

    name: str
    kind: str | None  # dimensionType: datetime, entity, classification, activity, fact, location, other
    classification: str | None  # classificationType: functional, administrative, economic, object
    attributes: tuple[Attribute, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """What a package's columns mean. `fact_resources` hold the measures; several are stacked (same columns)."""

    version: str  # "0.3" or "1.0": whose naming rules the cube follows
    fact_resources: tuple[str, ...]
    measures: tuple[Measure, ...]
    dimensions: tuple[Dimension, ...]
