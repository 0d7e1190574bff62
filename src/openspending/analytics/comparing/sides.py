"""One side of a comparison: as it is written, and what it means in the cube that it is of.

    side    = source | [source "|"] condition { "|" condition }
    source  = owner "/" name [ "@" version ] | "@" version          without one: what is compared by its path

Conditions are those of `querytext`, and all must hold. Beside refs they know `measure` (which one is summed), `year`,
and the kinds of what excludes each other (`phase`, `direction`, …), wherever the cube has no such ref: they stand for
the dimension of that role, or else for the measure that is of that phase or direction by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from openspending.analytics import queryjson
from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import CubeModel, Measure
from openspending.analytics.guards.roles import DIRECTION, PHASE, Roles
from openspending.analytics.query import AllOf, AnyOf, Condition, Cut, Not
from openspending.analytics.querytext import parse_cuts
from openspending.errors import BadQuery
from openspending.speaking.said import said

MEASURE: Final = "measure"
_SOURCE: Final = re.compile(r'\s*(?=@|[^|:"(]*/)([^|]*)(\|?)')
_OF_MEASURES: Final = (PHASE, DIRECTION)  # what a model may say of a whole measure


@dataclass(frozen=True, slots=True)
class WrittenSide:
    """A side that was read, and not yet looked up in any model. `dataset` is `owner/name`; None is that of the path."""

    conditions: tuple[Condition, ...] = ()
    dataset: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """What is summed on one side: `measure` of `cube`, over the facts for which `cuts`, already checked, hold."""

    cube: Cube
    measure: Measure
    cuts: tuple[Condition, ...]

    @property
    def currency(self) -> str | None:
        """The currency of all amounts of the measure; None where a column says it for each, or nothing does."""
        found = self.cube.model.spec["measures"][self.measure.ref].get("currency")
        return None if found is None else str(found)


def parse_side(text: str) -> WrittenSide:
    """A side as text. Raises BadQuery, saying where it makes no sense."""
    source = _SOURCE.match(text)
    if source is None:
        return WrittenSide(parse_cuts(text))
    dataset, version = _source(source[1].strip())
    blanks = " " * source.end()  # so that what is wrong further on is found at its own place
    conditions = parse_cuts(blanks + text[source.end() :]) if source[2] else ()
    return WrittenSide(conditions, dataset, version)


def side_of_json(raw: Any, pointer: str) -> WrittenSide:
    """A side as a JSON object with any of `dataset`, `version`, `measure` and `cut`. Raises BadQuery."""
    if not isinstance(raw, dict) or set(raw) - {"dataset", "version", MEASURE, "cut"}:
        raise BadQuery(said("A side is an object with any of: dataset, version, measure, cut."), parameter=pointer)
    for name in ("dataset", "version", MEASURE):
        if not isinstance(raw.get(name), str | None):
            raise BadQuery(said("This must be a text."), parameter=f"{pointer}/{name}")
    dataset, _ = (None, None) if raw.get("dataset") is None else _source(raw["dataset"])
    conditions = queryjson.conditions_of(raw.get("cut", []), f"{pointer}/cut")
    if raw.get(MEASURE) is not None:
        conditions = (Cut(MEASURE, (raw[MEASURE],)), *conditions)
    return WrittenSide(conditions, dataset, raw.get("version"))


def side_of(written: WrittenSide, cube: Cube, measure: str | None = None, cuts: Sequence[Condition] = ()) -> Side:
    """What `written` means in `cube`. `cuts` hold on both sides; `measure` is summed unless the side says another.

    Raises BadQuery for what the cube does not have, and when it has several measures and none was named.
    """
    reading = _Reading(cube.model, cube.roles)
    conditions = [one for one in written.conditions if not reading.takes(one)]
    found = reading.measure(measure)
    return Side(cube, found, cube.checked([*cuts, *(reading.named(one) for one in conditions)]))


def _source(text: str) -> tuple[str | None, str | None]:
    owner, slash, rest = text.partition("/")
    if not slash:
        owner, rest = "", text
    name, mark, version = rest.partition("@")
    if bool(slash) != bool(owner and name) or (mark and not version) or "/" in name:
        raise BadQuery(
            said("“{text}” is no source of a side: write @version, owner/name or owner/name@version.", text=text[:80])
        )
    return f"{owner}/{name}" if slash else None, version if mark else None


class _Reading:
    """Reads the conditions of one side; those that tell its measure are taken out."""

    def __init__(self, model: CubeModel, roles: Roles) -> None:
        self._model = model
        self._measures = dict(model.measures)
        self._said: str | None = None
        words = {one.kind: one.key for one in roles.exclusive}
        if roles.years is not None and not roles.years.dates:
            words["year"] = roles.years.key
        self._words: Mapping[str, str] = {word: ref for word, ref in words.items() if model.find(word) is None}

    def takes(self, condition: Condition) -> bool:
        """Whether the condition tells which measure is meant."""
        if not isinstance(condition, Cut):
            return False
        if condition.ref == MEASURE:
            self._said = self._single(condition)
            return True
        word = condition.ref
        if word not in _OF_MEASURES or word in self._words or self._model.find(word) is not None:
            return False
        stated = {name: self._model.spec["measures"][name].get(word) for name in self._measures}
        if not any(stated.values()):
            return False  # there is nothing of the kind: the ref is unknown, which is told with others like it
        wanted = self._single(condition)
        self._measures = {name: one for name, one in self._measures.items() if stated[name] == wanted}
        if not self._measures:
            known = sorted({f"{word}:{one}" for one in stated.values() if one})
            raise BadQuery(
                said(
                    "No measure has the {word} “{wanted}”; there are: {known}.",
                    word=word,
                    wanted=wanted[:80],
                    known=", ".join(known),
                ),
                known,
            )
        return True

    def measure(self, otherwise: str | None) -> Measure:
        """The measure that is meant."""
        name = self._said or otherwise
        if name is None and len(self._measures) == 1:
            return next(iter(self._measures.values()))
        if name in self._measures:
            return self._measures[name]
        choices = [f"{MEASURE}:{one}" for one in self._measures]
        if name is None:
            raise BadQuery(
                said("Which measure is compared? There are: {measures}.", measures=", ".join(self._measures)), choices
            )
        raise BadQuery(
            said(
                "There is no measure “{name}” here; there are: {measures}.",
                name=name[:80],
                measures=", ".join(self._measures),
            ),
            choices,
        )

    def named(self, condition: Condition) -> Condition:
        """The condition with words in the place of refs resolved."""
        if isinstance(condition, Cut):
            return replace(condition, ref=self._words.get(condition.ref, condition.ref))
        if isinstance(condition, Not):
            return Not(self.named(condition.part))
        parts = tuple(self.named(one) for one in condition.parts)
        return AllOf(parts) if isinstance(condition, AllOf) else AnyOf(parts)

    @staticmethod
    def _single(cut: Cut) -> str:
        if cut.operator != ":" or len(cut.values) != 1 or cut.values[0] is None:
            raise BadQuery(said("“{ref}” takes one value here, after “:”.", ref=cut.ref))
        return str(cut.values[0])
