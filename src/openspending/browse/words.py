"""How properties of a descriptor are put into words. Whatever a publisher wrote there, the answer is a short text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.languages import later, ngettext
from openspending.browse.locales import count as counted
from openspending.browse.locales import date, number
from openspending.client import Told

Descriptor = Mapping[str, Any]

OURS: Final[Mapping[str, str]] = {
    "proposed": later("proposed"),
    "approved": later("approved"),
    "adjusted": later("adjusted"),
    "executed": later("executed"),
    "accrued": later("accrued"),
    "paid": later("paid"),
    "expenditure": later("expenditure"),
    "revenue": later("revenue"),
    "country": later("country"),
    "region": later("region"),
    "city": later("city"),
    "phase": later("phase"),
    "direction": later("direction"),
    "currency": later("currency"),
}


def text(value: object, limit: int = 2000) -> str:
    """`value` when it is text, cut at `limit`; else nothing."""
    if isinstance(value, Told):
        return Told(value[:limit], value.language)
    return value[:limit] if isinstance(value, str) else ""


def our_word(word: str) -> str:
    """A word that has one meaning in all datasets, in the language of the page; a publisher's own as it is."""
    known = OURS.get(word.lower(), "")
    shown = _(known) if known else ""
    return word if shown == known else shown


def countries(descriptor: Descriptor) -> tuple[str, ...]:
    """The countries' codes, in upper case."""
    given = descriptor.get("countryCode")
    codes = given if isinstance(given, list) else [given]
    return tuple(one.upper()[:8] for one in codes[:12] if isinstance(one, str) and one)


def period(descriptor: Descriptor) -> str:
    """The fiscal period: “2014” for a calendar year, else “1 Apr 2014 – 31 Mar 2015”."""
    given = descriptor.get("fiscalPeriod")
    start, end = (text(given.get("start"), 10), text(given.get("end"), 10)) if isinstance(given, Mapping) else ("", "")
    first, last = start[:4], end[:4]
    if start == f"{first}-01-01" and end == f"{last}-12-31":
        return first if first == last else f"{first}–{last}"
    return " – ".join(date(one) for one in (start, end) if one)


def licences(descriptor: Descriptor) -> str:
    """Names of the licences, as the publisher gives them; empty when there are none."""
    listed = descriptor.get("licenses")
    found = [_licence(one) for one in listed] if isinstance(listed, list) else [_licence(descriptor.get("license"))]
    return ", ".join(one for one in found if one)


def _licence(given: object) -> str:
    if isinstance(given, Mapping):
        return text(given.get("name") or given.get("title") or given.get("type") or given.get("id"), 80)
    return text(given, 80)


def sources(descriptor: Descriptor) -> tuple[tuple[str, str], ...]:
    """Title and link of each source; the link is empty unless it is http or https."""
    listed = descriptor.get("sources")
    found = []
    for one in listed[:20] if isinstance(listed, list) else []:
        if isinstance(one, Mapping):
            link = text(one.get("path") or one.get("web"))
            title = text(one.get("title") or one.get("name"), 300)
            found.append((title or link, link if re.match(r"https?://", link) else ""))
    return tuple(one for one in found if one[0])


def heading(name: str) -> str:
    """A name from a model as heading: “functional_classification” → “Functional classification”."""
    words = re.sub(r"[_\-]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def size(count: object) -> str:
    """A number of bytes for people."""
    if not isinstance(count, int):
        return ""
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= bytes_:
            tenths = count * 10 // bytes_
            return f"{number(f'{tenths // 10}.{tenths % 10}')} {unit}"
    return ngettext("%(number)s byte", "%(number)s bytes", count) % {"number": counted(count)}
