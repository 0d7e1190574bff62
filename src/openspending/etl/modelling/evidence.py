"""The cells of a profile as texts with counts: all of them, or its examples with the weight of their form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from openspending.etl.modelling.profile import Profile

_DIGIT: Final = re.compile("[0-9]")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LONG: Final = re.compile("9{5,}")
_ZERO: Final = re.compile("[^0-9]*0")


def cells(profile: Profile) -> Mapping[str, int]:
    """Texts with how many cells each stands for.

    Where the profile lists only the frequent ones, the cells left over count for the examples of their form, so that
    everything that was seen in any cell has a text here.
    """
    found = dict(profile.values)
    if sum(found.values()) >= profile.filled:
        return found
    listed: dict[str, int] = {}
    for text, count in profile.values:
        form = form_of(text)
        listed[form] = listed.get(form, 0) + count
    for form, count, example in profile.forms or profile.shapes:
        rest = count - listed.get(form, 0)
        if rest > 0:
            found[example] = found.get(example, 0) + rest
    return found


def all_listed(profile: Profile) -> bool:
    """Whether every cell of the table is among the profile's values."""
    return profile.complete and sum(count for _, count in profile.values) >= profile.filled


def form_of(text: str) -> str:
    """The coarse shape of `text`, as profiling makes it in SQL."""
    shape = _LETTERS.sub("a", _DIGIT.sub("9", text))
    if _ZERO.match(text):
        shape = shape.replace("9", "0", 1)
    return _LONG.sub("9999", shape)
