"""What may be added up in a cube: the role of each dimension, levels that contain each other, signs; and their JSON.

Found once, at derivation (`rolesfound`), kept in `model.json` under “roles”, and asked by `guard` for every query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from openspending.speaking.kept import again, apart

PARTITION, EXCLUSIVE, TIME, LEVEL, ATTRIBUTE = "partition", "exclusive", "time", "level", "attribute"
PHASE, CURRENCY, DIRECTION, VERSION, VALUE_KIND = "phase", "currency", "direction", "version", "value-kind"
LISTED: Final = 50  # members of an exclusive dimension that are kept; the rest is only counted

Scalar = str | int | bool | None  # a member as JSON has it: decimals and dates as text; None is the missing one


@dataclass(frozen=True, slots=True)
class Role:
    """What a dimension of the cube is to a sum.

    `partition` and `level` (a step of the hierarchy of that name, `depth` from 1) divide money, `exclusive` has the
    same money or another kind of money at each member (`kind` says which), `time` divides it by periods, `attribute`
    tells single facts. `members` counts them, the missing one included.
    """

    ref: str
    role: str
    members: int
    kind: str | None = None
    hierarchy: str | None = None
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an exclusive dimension: the value of its key, its label if it has exactly one, its facts."""

    value: Scalar
    label: str | None
    facts: int


@dataclass(frozen=True, slots=True)
class Default:
    """The member to begin with, and why."""

    value: Scalar
    reason: str


@dataclass(frozen=True, slots=True)
class Exclusive:
    """A dimension whose members must not be added together.

    `key` and `label` are refs of attributes; `told_by` are those of which every value has facts of one member only, the
    key among them; `count` is the number of all members, of which `members` are the ones with most facts.
    """

    ref: str
    key: str
    label: str | None
    kind: str
    reason: str
    count: int
    members: tuple[Member, ...]
    told_by: tuple[str, ...]
    default: Default


@dataclass(frozen=True, slots=True)
class Layer:
    """Facts at one level: those that fill the attributes `given` and leave the attributes `missing` blank."""

    name: str
    facts: int
    given: tuple[str, ...]
    missing: tuple[str, ...]
    leave: tuple[str, ...]  # keys among `missing` that no other layer with them has; with `have` they tell the layer
    have: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nested:
    """Facts of several levels in one table, of which the upper ones are proven to be sums of those below them.

    Either by blank cells: `layers`, the topmost first. Or by the codes of the attribute `ref`: `above` are the codes
    (or words, such as “Total”) of upper facts; where it is known which code lies above which, `parents` says so, and
    `tops` are the codes that lie below none.
    """

    ref: str
    reason: str
    layers: tuple[Layer, ...] = ()
    above: tuple[str, ...] = ()
    parents: Mapping[str, str] | None = None
    tops: tuple[str | None, ...] = ()
    told_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """What may go wrong in a sum and is not proven, or cannot be told apart by any cut."""

    code: str
    sentence: str
    ref: str | None = None
    members: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Years:
    """The dimension that tells fiscal years: (year, number of facts) in order. `dates`: its key holds days."""

    ref: str
    key: str
    years: tuple[tuple[str | int, int], ...]
    told_by: tuple[str, ...]
    dates: bool = False


@dataclass(frozen=True, slots=True)
class Signs:
    """The amounts of a measure by their sign: how many of each, and exact sums as text. Net is positive + negative,
    gross is positive - negative."""

    measure: str
    positives: int
    negatives: int
    zeros: int
    missing: int
    positive: str
    negative: str
    phase: str | None = None
    direction: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Roles:
    """All that is known of one cube."""

    dimensions: tuple[Role, ...] = ()
    exclusive: tuple[Exclusive, ...] = ()
    nested: tuple[Nested, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    years: Years | None = None
    signs: tuple[Signs, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the API's model has it; `roles_from` reads it back."""
        return asdict(self)

    def to_stored(self) -> dict[str, Any]:
        """As `model.json` has it, with what of it can be told in other languages; `roles_of` reads it back."""
        found = self.to_json()
        return {**found, "said": apart(found)}


NO_ROLES: Final = Roles()  # nothing is known, so nothing is refused


def roles_of(model_json: Mapping[str, Any]) -> Roles:
    """The roles in a stored `model.json`; empty ones where an older build has none. Raises KeyError and TypeError for
    what `Roles.to_json` did not make."""
    raw = model_json.get("roles")
    return NO_ROLES if raw is None else roles_from(again(raw, raw.get("said", {})))


def roles_from(raw: Mapping[str, Any]) -> Roles:
    """What `Roles.to_json` made `raw` from."""
    return Roles(
        dimensions=tuple(Role(**one) for one in raw["dimensions"]),
        exclusive=tuple(_exclusive(one) for one in raw["exclusive"]),
        nested=tuple(_nested(one) for one in raw["nested"]),
        suspects=tuple(Suspect(**{**one, "members": tuple(one["members"])}) for one in raw["suspects"]),
        years=None if raw["years"] is None else _years(raw["years"]),
        signs=tuple(Signs(**one) for one in raw["signs"]),
    )


def _exclusive(raw: Mapping[str, Any]) -> Exclusive:
    members = tuple(Member(**one) for one in raw["members"])
    parts = {"members": members, "told_by": tuple(raw["told_by"]), "default": Default(**raw["default"])}
    return Exclusive(**{**raw, **parts})


def _nested(raw: Mapping[str, Any]) -> Nested:
    layers = tuple(_layer(one) for one in raw["layers"])
    return Nested(**{**raw, "layers": layers, **{name: tuple(raw[name]) for name in ("above", "tops", "told_by")}})


def _layer(raw: Mapping[str, Any]) -> Layer:
    return Layer(**{**raw, **{name: tuple(raw[name]) for name in ("given", "missing", "leave", "have")}})


def _years(raw: Mapping[str, Any]) -> Years:
    years = tuple((year, facts) for year, facts in raw["years"])
    return Years(**{**raw, "years": years, "told_by": tuple(raw["told_by"])})
