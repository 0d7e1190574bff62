"""Which format a request wants. Pure functions of its path, parameter and header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openspending.analytics.exports.formats import FORMATS, Format
from openspending.errors import BadQuery, NotAcceptable

_RANGE: Final = re.compile(r"\s*([\w.+*-]+/[\w.+*-]+)\s*((?:;[^;]*)*)", re.ASCII)
_QUALITY: Final = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", re.ASCII | re.IGNORECASE)


def negotiated(extension: str | None, parameter: str | None, accept: str | None) -> Format:
    """The format a request wants: its path's extension comes first (without the point; None or "": it has none), then
    the parameter `format`, then the header Accept, then JSON.

    Raises BadQuery for an unknown extension or parameter, NotAcceptable when no format fits the header; the `choices`
    of both are the names of the formats.
    """
    for given in (extension, parameter):
        if given:
            found = FORMATS.get(given.lower())
            if found is None:
                raise BadQuery(f"There is no format “{given[:40]}”.", tuple(FORMATS))
            return found
    return _accepted(accept) if accept and accept.strip() else FORMATS["json"]


@dataclass(frozen=True, slots=True)
class _Range:
    """One of the header's media ranges, how much it is liked, and its place among them."""

    kind: str
    quality: Decimal
    place: int

    def exactness(self, media_type: str) -> int:
        """2: names this very type; 1: its family (text/*); 0: everything; -1: does not fit."""
        if self.kind == media_type:
            return 2
        if self.kind == f"{media_type.partition('/')[0]}/*":
            return 1
        return 0 if self.kind == "*/*" else -1


def _accepted(accept: str) -> Format:
    """The format that the header likes best; of several that it likes equally the one named most exactly, then first
    (RFC 9110, 12.5.1)."""
    ranges = list(_ranges(accept))
    ranked = [(*_liking(one, ranges), -place, one) for place, one in enumerate(FORMATS.values())]
    quality, *_, chosen = max(ranked, key=lambda one: one[:-1])
    if not quality:
        named = ", ".join(one.media_types[0] for one in FORMATS.values())
        raise NotAcceptable(f"The header Accept allows none of the formats there are: {named}.", tuple(FORMATS))
    return chosen


def _ranges(accept: str) -> Iterator[_Range]:
    """The ranges of a header; what is none is passed over."""
    for place, one in enumerate(accept.split(",")):
        found = _RANGE.fullmatch(one)
        if found is not None:
            quality = _QUALITY.search(found[2])
            yield _Range(found[1].lower(), min(Decimal(quality[1]), Decimal(1)) if quality else Decimal(1), place)


def _liking(one: Format, ranges: list[_Range]) -> tuple[Decimal, int, int]:
    """How much a format is liked, how exactly it is named and how early: of the range that names it most exactly."""
    fitting = [(best, entry) for entry in ranges if (best := max(map(entry.exactness, one.media_types))) >= 0]
    if not fitting:
        return Decimal(0), 0, 0
    exactness, entry = max(fitting, key=lambda found: (found[0], found[1].quality))
    return entry.quality, exactness, -entry.place
