"""What a dataset has to show, read from the API's model of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.choices import LIFE
from openspending.browse.words import heading, our_word, text

HIERARCHIES: Final = ("functional", "administrative", "economic", "activity", "geo", "date")


@dataclass(frozen=True, slots=True)
class Level:
    """A dimension, or an attribute of one: what a table has a row for each member of. `key` and `label` are the refs
    of its code and of what it is called, which may be the same. `yearly` is set where each member is a year, `single`
    where each is about one fact."""

    ref: str
    title: str
    key: str
    label: str
    time: bool
    members: int | None
    yearly: bool = False
    single: bool = False

    @property
    def drilldown(self) -> str:
        """What the API is asked to group by."""
        return self.key if self.key == self.label else f"{self.key}|{self.label}"


@dataclass(frozen=True, slots=True)
class Measure:
    """A sum, or another aggregate. `kind` says of which phase and direction it is."""

    ref: str
    title: str
    currency: str
    kind: str
    name: str
    summed: bool


class Cube:
    """The model of a dataset."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self.model = model
        self.roles: Mapping[str, Any] = model["roles"]
        self.defaults = tuple(text(one["cut"]) for one in model["defaults"])
        self.measures = tuple(self._measure(ref) for ref in model["aggregates"] if ref != "_count")
        self.sums = tuple(one for one in self.measures if one.summed)
        self._roles = {one["ref"]: one for one in self.roles["dimensions"]}
        self.exclusive: Mapping[str, Mapping[str, Any]] = {one["ref"]: one for one in self.roles["exclusive"]}

    def level(self, ref: str) -> Level | None:
        """The level of this ref; None where the dataset has none."""
        name, _, attribute = ref.partition(".")
        found = self.model["dimensions"].get(name)
        if found is None or (attribute and attribute not in found["attributes"]):
            return None
        role = self._roles.get(name, {})
        key, label = (ref, ref) if attribute else (found["key_ref"], found.get("label_ref") or found["key_ref"])
        if attribute:
            title = found["attributes"][attribute].get("label") or attribute
        elif key == label:
            title = found["label"]
        else:
            title = found["attributes"][label.partition(".")[2]].get("label") or found["label"]
        members = role.get("members")
        time = role.get("role") == "time"
        yearly = time and name == self.years[0] and members == len(self.years[1])
        return Level(
            ref,
            heading(text(title, 200)),
            key,
            label,
            time,
            None if attribute else members,
            yearly,
            role.get("role") == "attribute",
        )

    @property
    def levels(self) -> tuple[Level, ...]:
        """All dimensions."""
        found = (self.level(ref) for ref in self.model["dimensions"])
        return tuple(one for one in found if one is not None)

    def hierarchies(self) -> tuple[tuple[str, tuple[Level, ...]], ...]:
        """(title, levels) of each hierarchy, the classifications first. Levels that tell nothing apart are left out,
        and so are dimensions of which one member must be chosen."""

        def rank(name: str) -> int:
            return next((place for place, word in enumerate(HIERARCHIES) if name.startswith(word)), len(HIERARCHIES))

        found = []
        for name, one in sorted(self.model["hierarchies"].items(), key=lambda item: rank(item[0])):
            levels = [self.level(ref) for ref in one["levels"] if ref not in self.exclusive]
            told = tuple(each for each in levels if each is not None and (each.members or 0) > 1)
            if told:
                found.append((heading(text(one.get("label"), 200) or name), told))
        return tuple(found)

    def measure(self, ref: str) -> Measure | None:
        """The aggregate of this ref; None where the dataset has none."""
        return next((one for one in self.measures if one.ref == ref), None)

    @property
    def years(self) -> tuple[str, tuple[str, ...]]:
        """The ref of the dimension that has the fiscal years, and these; ("", ()) where none is known."""
        found = self.roles.get("years") or {}
        return text(found.get("ref")), tuple(str(one[0]) for one in found.get("years") or () if one[0] is not None)

    @property
    def main(self) -> Measure | None:
        """The sum to begin with: that of the last phase of a budget's life, or the first one."""
        life = {name: LIFE.get(text(one.get("phase")), -1) for name, one in self.model["measures"].items()}
        return max(self.sums, key=lambda one: life[one.name], default=None)

    def negative(self, measure: Measure) -> bool:
        """Whether some amounts are below zero."""
        signs = (one for one in self.roles["signs"] if one["measure"] == measure.name)
        return any(one["negatives"] for one in signs)

    def _measure(self, ref: str) -> Measure:
        aggregate = self.model["aggregates"][ref]
        name = text(aggregate.get("measure"))
        measure = self.model["measures"][name]
        title = heading(text(measure.get("label"), 200) or name)
        marks = [text(measure.get(one), 80) for one in ("phase", "direction")]
        kind = ", ".join(our_word(one) for one in marks if one and one.lower() != title.lower())
        return Measure(ref, title, text(measure.get("currency"), 20), kind, name, aggregate.get("function") == "sum")
