"""Header drift: how the columns of a package's tables differ from those that the published descriptor describes.

A column that is gone and one that is new may be one column under two names; that is a question for people, so it is
asked with the evidence: how alike the names are, and how many values they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product
from typing import Any, Final

from openspending.fdp.names import slug
from openspending.fdp.package import Package, Resource

ALIKE_NAMES: Final = 60  # percent
ALIKE_VALUES: Final = 80
_PAIRS: Final = 10_000  # beyond it names are not compared: thousands of new columns are no renaming


@dataclass(frozen=True, slots=True)
class Renamed:
    """A column that may have got another name. `names` is how alike they are, `values` how many values both have
    (None: not compared), in percent."""

    was: str
    now: str
    names: int
    values: int | None


@dataclass(frozen=True, slots=True)
class Drift:
    """The columns of one resource, against those of the published one. `state` is same, changed, new or gone."""

    resource: str
    state: str
    same: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def header(resource: Resource, problems: Iterable[Mapping[str, Any]]) -> list[str]:
    """The columns that the files of a checked resource have: its fields, less those that are reported missing, and
    the further ones that are reported. `problems` are as `Problem.to_dict` writes them."""
    mine = [one for one in problems if one.get("resource") == resource.name]
    missing = {one.get("field") for one in mine if one["code"] == "fiscal/missing-unused-column"}
    extra = [str(one["value"]) for one in mine if one["code"] == "extra-label" and one.get("value")]
    return [*(one.name for one in resource.schema.fields if one.name not in missing), *extra]


def drift(
    published: tuple[Package, Sequence[Mapping[str, Any]]],
    package: tuple[Package, Sequence[Mapping[str, Any]]],
    values: Mapping[tuple[str, str], int],
) -> list[Drift]:
    """The drift of every resource, of packages each with its problems. `values` has the percentage of values shared
    by a column that is gone and one that is new, where known."""
    before, after = ({one.name: header(one, found) for one in given.resources} for given, found in (published, package))
    if len(before) == len(after) == 1:  # the one table, whatever its name has become
        before = dict(zip(after, before.values(), strict=True))
    found = [_compared(name, before.get(name), labels, values) for name, labels in after.items()]
    return [
        *found,
        *(Drift(name, "gone", (), (), (), tuple(gone)) for name, gone in before.items() if name not in after),
    ]


def _compared(name: str, before: list[str] | None, after: list[str], values: Mapping[tuple[str, str], int]) -> Drift:
    if before is None:
        return Drift(name, "new", (), (), tuple(after), ())
    known, here = set(before), set(after)
    gone = [one for one in before if one not in here]
    new = [one for one in after if one not in known]
    renamed = _renamed(gone, new, values)
    gone = [one for one in gone if one not in {pair.was for pair in renamed}]
    new = [one for one in new if one not in {pair.now for pair in renamed}]
    state = "changed" if renamed or gone or new else "same"
    same = tuple(one for one in after if one in known)
    return Drift(name, state, same, tuple(renamed), tuple(new), tuple(gone))


def _renamed(gone: list[str], new: list[str], values: Mapping[tuple[str, str], int]) -> list[Renamed]:
    """Pairs that speak for a renaming, the likeliest first; each column is in one of them at most."""
    if len(gone) * len(new) > _PAIRS:
        return []
    pairs = [Renamed(was, now, _likeness(was, now), values.get((was, now))) for was, now in product(gone, new)]
    likely = [one for one in pairs if one.names >= ALIKE_NAMES or (one.values or 0) >= ALIKE_VALUES]
    found: list[Renamed] = []
    for pair in sorted(likely, key=lambda one: (one.values or 0) + one.names, reverse=True):
        if not any(pair.was == one.was or pair.now == one.now for one in found):
            found.append(pair)
    return found


def _likeness(one: str, other: str) -> int:
    first, second = ((slug(text) or text).casefold() for text in (one, other))
    return round(100 * SequenceMatcher(None, first, second, autojunk=False).ratio())
