"""Which format a request wants. Pure functions of its path, parameter and header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openspending.analytics.exports.formats import FORMATS, Format
from openspending.errors import BadQuery, NotAcceptable
from openspending.speaking.said import said

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
                raise BadQuery(said("There is no format “{given}”.", given=given[:40]), tuple(FORMATS))
            return found
    if not accept or not accept.strip():
        return FORMATS["json"]
    return FORMATS[liked(accept, {name: one.media_types for name, one in FORMATS.items()})]


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


def liked(accept: str, formats: Mapping[str, Sequence[str]]) -> str:
    """The name of the format, of those with these media types, that a header Accept likes best; of several that it
    likes equally the one named most exactly, then first (RFC 9110, 12.5.1). Raises NotAcceptable."""
    ranges = list(_ranges(accept))
    ranked = [(*_liking(kinds, ranges), -place, name) for place, (name, kinds) in enumerate(formats.items())]
    quality, *_, chosen = max(ranked)
    if not quality:
        named = ", ".join(kinds[0] for kinds in formats.values())
        raise NotAcceptable(
            said("The header Accept allows none of the formats there are: {named}.", named=named), tuple(formats)
        )
    return chosen


def _ranges(accept: str) -> Iterator[_Range]:
    """The ranges of a header; what is none is passed over."""
    for place, one in enumerate(accept.split(",")):
        found = _RANGE.fullmatch(one)
        if found is not None:
            quality = _QUALITY.search(found[2])
            yield _Range(found[1].lower(), min(Decimal(quality[1]), Decimal(1)) if quality else Decimal(1), place)


def _liking(kinds: Sequence[str], ranges: list[_Range]) -> tuple[Decimal, int, int]:
    """How much a format of these media types is liked, how exactly it is named and how early: of the range that names
    it most exactly."""
    fitting = [(best, entry) for entry in ranges if (best := max(map(entry.exactness, kinds))) >= 0]
    if not fitting:
        return Decimal(0), 0, 0
    exactness, entry = max(fitting, key=lambda found: (found[0], found[1].quality))
    return entry.quality, exactness, -entry.place
