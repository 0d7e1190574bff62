"""What the cells of a column say about its meaning: words in them, and codes and names of well-known lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from openspending.etl.modelling.codelists import (
    cofog_codes,
    cofog_labels,
    countries,
    currencies,
    economic_labels,
    esa_codes,
)
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.words import VALUES, vocabulary
from openspending.etl.modelling.written import Writing
from openspending.speaking.said import said

Points = tuple[int, str]
_LOOKED_AT: Final = 40  # texts of a column that are read word by word
_LONGEST: Final = 70  # characters of a text that are read
_PROSE: Final = 100  # characters; longer texts speak of all kinds of things
_CLOSED = {"direction": 3, "phase": 8, "expenditure-type": 6}  # few different texts, each of them one of these words
# Points for a meaning when all texts have a word for it, and the share, in percent, from which it counts.
_OPEN: Final[Mapping[str, tuple[int, int]]] = {
    "administrative": (36, 25),
    "economic": (34, 20),
    "functional": (34, 25),
    "fin-source": (30, 30),
    "region": (30, 30),
}
_REASONS: Final = {
    "administrative": said("words in its cells are of bodies of government"),
    "economic": said("words in its cells are of kinds of income and expenditure"),
    "functional": said("words in its cells are of functions of government"),
    "fin-source": said("words in its cells are of sources of funding"),
    "region": said("words in its cells are of places"),
}


def seen(profile: Profile, writing: Writing) -> dict[str, Points]:
    """Points for meanings with the reason, from the frequent texts of the column."""
    if writing.kind not in ("text", "code", "integer-code", "identifier") or not profile.values:
        return {}
    texts = [text for text, _ in profile.values]
    found = _listed(texts[:200], profile)
    if writing.kind == "text" or not any(one.isdigit() for one in texts[0]):
        found = _best(found, _worded(texts, profile))
    return found


def cofog(profile: Profile, *, named: bool) -> tuple[int, str | None]:
    """How far, in percent, the texts are names of COFOG, and of which level. Codes count only where the header names
    it: 1, 2, 3 are codes of any classification."""
    texts = [text for text, _ in profile.values[:200]]
    labels = cofog_labels(texts)
    return max(cofog_codes(texts), labels, key=lambda one: one[0]) if named else labels


def _best(one: dict[str, Points], other: Mapping[str, Points]) -> dict[str, Points]:
    for meaning, points in other.items():
        if points[0] > one.get(meaning, (0, ""))[0]:
            one[meaning] = points
    return one


def _listed(texts: Collection[str], profile: Profile) -> dict[str, Points]:
    """What lists of codes say."""
    found: dict[str, Points] = {}
    labels, codes = cofog_labels(texts)[0], cofog_codes(texts)[0]
    dotted = any("." in one for one in texts)
    if labels >= 40:
        found["functional"] = (58, said("its cells are names of COFOG"))
    elif codes >= 90 and dotted and profile.distinct >= 4:
        found["functional"] = (34, said("its cells are codes of COFOG"))
    if economic_labels(texts) >= 40:
        found["economic"] = (58, said("its cells are names of GFSM"))
    elif esa_codes(texts) >= 80 and profile.distinct >= 3:
        found["economic"] = (50, said("its cells are codes of ESA 2010"))
    if currencies(texts) >= 95:
        found["currency"] = (66, said("its cells are codes of currencies"))
    if countries(texts) >= 70 and profile.distinct >= 2 and "currency" not in found:
        found["country"] = (52, said("its cells are countries"))
    return found


def _worded(texts: Collection[str], profile: Profile) -> dict[str, Points]:
    """What words in the cells say."""
    some = list(texts)[:_LOOKED_AT]
    if sorted(map(len, some))[len(some) // 2] > _PROSE:
        return {}
    counts: dict[str, int] = {}
    whole: dict[str, int] = {}
    for text in some:
        hits = vocabulary(VALUES).find(text[:_LONGEST])
        exact = [one for one in hits if one.exact and (one.end - one.start > 1 or len(text) <= 3)]
        for meaning in {one.meaning for one in exact}:
            counts[meaning] = counts.get(meaning, 0) + 1
        for meaning in {one.meaning for one in exact if 2 * (one.end - one.start) >= len(text)}:
            whole[meaning] = whole.get(meaning, 0) + 1
    found: dict[str, Points] = {}
    for meaning, most in _CLOSED.items():
        if profile.distinct <= most and whole.get(meaning, 0) == len(some):
            points = 46 if profile.distinct > 1 else 24
            found[meaning] = (points, said("its cells are words such as “{example}”", example=some[0]))
    company = 100 * counts.get("company", 0) // len(some)
    if company >= 12 and profile.distinct >= 5:
        found["supplier"] = (38, said("its cells have names of companies"))
        found["recipient"] = (28, said("its cells have names of companies"))
    return found | _open(counts, len(some), company)


def _open(counts: Mapping[str, int], total: int, company: int) -> dict[str, Points]:
    found: dict[str, Points] = {}
    for meaning, (most, least) in _OPEN.items():
        part = 100 * counts.get("place" if meaning == "region" else meaning, 0) // total
        if part >= least and (company < 12 or meaning not in ("administrative", "region")):
            points = most * min(part + 30, 100) // 100
            found[meaning] = (points, _REASONS[meaning])
    return found
