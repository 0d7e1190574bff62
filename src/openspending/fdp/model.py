"""The Model: the measures and dimensions of a package, whatever dialect its descriptor is written in.

Every attribute and measure has a `column`: its name in the fact table. Those names are unique, safe identifiers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
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
    partial: bool = False  # the code is unique inside its parent only: facts hold the parents' codes before it


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

    def to_dict(self) -> dict[str, Any]:
        """As JSON-able dict, without loss: Decimals as text, an absent constant left out."""
        return {
            "version": self.version,
            "fact_resources": list(self.fact_resources),
            "measures": [_plain(one) | {"factor": str(one.factor)} for one in self.measures],
            "dimensions": [
                _plain(one) | {"key": list(one.key), "attributes": [_attribute_to_dict(a) for a in one.attributes]}
                for one in self.dimensions
            ],
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Model:
        """The Model that `to_dict` made `raw` from. Raises KeyError or TypeError for anything else."""
        return cls(
            version=raw["version"],
            fact_resources=tuple(raw["fact_resources"]),
            measures=tuple(Measure(**{**one, "factor": Decimal(one["factor"])}) for one in raw["measures"]),
            dimensions=tuple(_dimension_from_dict(one) for one in raw["dimensions"]),
        )


def _plain(one: Measure | Dimension | Attribute) -> dict[str, Any]:
    return {item.name: getattr(one, item.name) for item in fields(one)}


def _attribute_to_dict(attribute: Attribute) -> dict[str, Any]:
    raw = _plain(attribute)
    constant = raw.pop("constant")
    if constant is UNSET:
        return raw
    return raw | {"constant": {"decimal": str(constant)} if isinstance(constant, Decimal) else constant}


def _dimension_from_dict(raw: Mapping[str, Any]) -> Dimension:
    attributes = tuple(_attribute_from_dict(one) for one in raw["attributes"])
    return Dimension(**{**raw, "attributes": attributes, "key": tuple(raw["key"])})


def _attribute_from_dict(raw: Mapping[str, Any]) -> Attribute:
    constant = raw.get("constant", UNSET)
    if isinstance(constant, dict):  # a constant of FDP 0.3 is text or a number, so only we write objects here
        constant = Decimal(constant["decimal"])
    return Attribute(**{**raw, "constant": constant})
