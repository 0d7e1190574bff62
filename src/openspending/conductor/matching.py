"""Which documents a search finds: by words, and by values that their members must have.

A pure function over documents, so that a search engine can take its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

TEXTS: Final = ("title", "description", "regionCode", "countryCode")  # one word of them is enough
WHOLES: Final = ("author", "owner", "cityCode")  # only the whole value counts
FILTERS: Final = ("id", "model", "package", "origin_url", "loaded", "last_update")
_WORD: Final = re.compile(r"\w+")


def search(
    documents: Iterable[Mapping[str, Any]], text: str, filters: Mapping[str, Sequence[Any]], size: int
) -> list[Mapping[str, Any]]:
    """The documents that have one of the values of each filter and any word of `text`, the best first; at most `size`.

    A filter's name is a path, such as `package.countryCode`. Without a text, the newest come first.
    """
    found = [one for one in documents if all(_has(one, path, values) for path, values in filters.items())]
    if text.strip():
        scored = [(score(one["package"], text), one) for one in found]
        ranked = sorted(scored, key=lambda pair: (-pair[0], pair[1]["id"]))
        return [one for rank, one in ranked if rank][:size]
    return sorted(found, key=lambda one: (-one["last_update"], one["id"]))[:size]


def score(package: Mapping[str, Any], text: str) -> int:
    """How well a package fits a text: the most of its words that one member has."""
    words = _words(text)
    partly = [len(words & _words(part)) for name in TEXTS for part in _texts(package.get(name))]
    wholly = [len(words) for name in WHOLES for part in _texts(package.get(name)) if part == text.strip()]
    return max([*partly, *wholly], default=0)


def _has(document: Mapping[str, Any], path: str, values: Sequence[Any]) -> bool:
    """Whether the member at `path` is one of `values`, or holds one in a list; titles and descriptions by any word."""
    member: Any = document
    for part in path.split("."):
        member = member.get(part) if isinstance(member, Mapping) else None
    if path in ("package.title", "package.description"):
        return any(isinstance(one, str) and _words(one) & _words(part) for one in values for part in _texts(member))
    members = member if isinstance(member, list) else [member]
    return any(_same(one, value) for one in members for value in values)


def _same(one: Any, other: Any) -> bool:
    """Whether two values of JSON are equal: true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other and one is not None


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
