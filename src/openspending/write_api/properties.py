"""Which properties of a dataset can be edited: what is said of it, never how its files are read or what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from openspending.asking import Body
from openspending.fdp.paths import check_path
from openspending.speaking.said import said

GRANULARITIES: Final = ("aggregated", "transactional")
_DAY: Final = len("2026-12-31")
_LONGEST: Final = 20_000  # characters
_MOST: Final = 200  # of a list


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST


def _web(value: Any) -> bool:
    return _text(value) and str(value).startswith(("https://", "http://")) and check_path(value) is None


def _link(value: Any) -> bool:
    return _text(value) and (_web(value) or check_path(value) is None)


def _records(*needed: str) -> Callable[[Any], bool]:
    """A list of objects of texts, each with one of these members; what links somewhere does so by http or https."""

    def check(value: Any) -> bool:
        return (
            isinstance(value, list)
            and len(value) <= _MOST
            and all(isinstance(one, dict) and _record(one, needed) for one in value)
        )

    return check


def _record(value: Mapping[str, Any], needed: tuple[str, ...]) -> bool:
    if not any(_text(value.get(name)) for name in needed):
        return False
    links = all(_link(value[name]) for name in ("path", "url") if name in value)
    return links and all(isinstance(name, str) and _leaf(one) for name, one in value.items())


def _leaf(value: Any) -> bool:
    return _text(value) or (isinstance(value, list) and len(value) <= _MOST and all(map(_text, value)))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _MOST and all(map(_text, value))


def _period(value: Any) -> bool:
    """Two dates, or the first of them alone; the last not before the first."""
    if not isinstance(value, dict) or set(value) - {"start", "end"} or "start" not in value:
        return False
    try:
        days = [date.fromisoformat(str(one)) for one in (value["start"], value.get("end", value["start"]))]
    except (TypeError, ValueError):
        return False
    return days[0] <= days[1] and all(isinstance(one, str) and len(one) == _DAY for one in value.values())


def _granularity(value: Any) -> bool:
    return value in GRANULARITIES


def _codes(value: Any) -> bool:
    return _text(value) or _texts(value)


PROPERTIES: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "title": (_text, said("a text")),
    "description": (_text, said("a text")),
    "homepage": (_web, said("an http or https URL")),
    "image": (_link, said("an http or https URL, or a relative path")),
    "version": (_text, said("a text")),
    "keywords": (_texts, said("a list of texts")),
    "licenses": (_records("name", "path", "title"), said("a list of objects with “name” or “path”")),
    "sources": (_records("title", "path"), said("a list of objects with “title” or “path”")),
    "contributors": (_records("title", "givenName", "familyName"), said("a list of objects with “title”")),
    "countryCode": (_codes, said("a code of two letters, or a list of them")),
    "regionCode": (_codes, said("a text, or a list of texts")),
    "cityCode": (_codes, said("a text, or a list of texts")),
    "fiscalPeriod": (
        _period,
        said("an object with “start” and perhaps “end”, dates such as 2026-12-31, in this order"),
    ),
    "granularity": (_granularity, said("“aggregated” or “transactional”")),
}


def check_properties(body: Body, *, removable: bool = False) -> None:
    """Note the members of `body` that cannot be such a property; null, if they are `removable`, takes one away."""
    for name, value in body.members.items():
        if name in PROPERTIES and not (removable and value is None):
            check, wanted = PROPERTIES[name]
            if not check(value):
                body.blame(name, said("“{name}” must be {wanted}.", name=name, wanted=wanted))


def merged(descriptor: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """`descriptor` with `patch` merged into it (RFC 7396): null takes away, all else takes the old value's place. The
    one property here that is an object, the period, is checked whole, so it is said whole."""
    kept = {name: value for name, value in descriptor.items() if patch.get(name, "") is not None}
    return {**kept, **{name: value for name, value in patch.items() if value is not None}}
