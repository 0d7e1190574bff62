"""What a column may be about, with points: its header and its cells together, as far as such cells allow it."""

from __future__ import annotations

from typing import Final

from openspending.etl.modelling.levels import DATES
from openspending.etl.modelling.rolesamounts import Sight
from openspending.etl.modelling.rolesvalues import Points, seen
from openspending.speaking.said import said, together

_NUMBERS: Final = frozenset({"amount", "not-money"})
_TIMES: Final = frozenset({"date", "start", "end", "approval", "first-payment", "final-payment"})
_NAMED: Final = frozenset({"supplier", "recipient", "procurer", "administrator"})
_PAPERS: Final = frozenset({"invoice", "order", "agreement", "tender", "budget-line"})
_CLOSED: Final = {
    "direction": 6,
    "phase": 20,
    "expenditure-type": 60,
    "currency": 200,
    "value-kind": 40,
    "transfer": 60,
}

_KINDS: Final = {
    "date": -70,
    "fiscal-year": -70,
    "month": -70,
    "year": -15,
    "percent": -80,
    "boolean": -40,
    "empty": -10,
}


def meanings(sight: Sight) -> dict[str, Points]:
    """Points for each thing that the column may be about, 0 to 95."""
    found: dict[str, Points] = {}
    for meaning, (points, word) in sight.header.meanings.items():
        if meaning not in _NUMBERS and (meaning == "remark" or not sight.header.aside):
            found[meaning] = (points, said("“{word}” in the header", word=word))
    if not found and sight.heading.direction and not sight.header.aside and _names_lines(sight):
        found["economic"] = (44, said("its header names income or expenditure, of which it has the lines"))
    for meaning, (points, reason) in seen(sight.profile, sight.writing).items():
        before = found.get(meaning)
        if before is None:
            found[meaning] = (points, reason)
        else:
            found[meaning] = (
                min(95, max(before[0], points) + min(before[0], points) // 2),
                together(before[1], reason, between=", "),
            )
    found = _timed(found, sight)
    fitting = {one: (points + _fit(one, sight), reason) for one, (points, reason) in found.items()}
    return {one: (min(points, 95), reason) for one, (points, reason) in fitting.items() if points > 0}


def _names_lines(sight: Sight) -> bool:
    """Whether the cells are codes or names: of numbers, the header has to say that they are codes."""
    return sight.header.part == "code" or (not sight.numeric and sight.writing.kind in ("text", "code"))


def _timed(found: dict[str, Points], sight: Sight) -> dict[str, Points]:
    """With what cells that are dates or years say."""
    kind = sight.writing.kind
    stated = {"date": ("date", 62), "year": ("year", 62), "fiscal-year": ("year", 80), "month": ("month", 55)}.get(kind)
    if stated is None:
        return found
    meaning, points = stated
    times = [one for one in found if one in _TIMES] if meaning == "date" else [meaning]
    result = dict(found)
    for one in times or [meaning]:
        before = found.get(one, (0, ""))
        why = [before[1], sight.writing.reason] if before[1] else [sight.writing.reason]
        result[one] = (min(95, max(points, before[0]) + before[0] // 3), together(*why, between=", "))
    return result


def _fit(meaning: str, sight: Sight) -> int:
    """Points off where the cells are not what such a column has."""
    profile, kind = sight.profile, sight.writing.kind
    if meaning in DATES:
        return _fit_of_time(meaning, sight)
    points = _KINDS.get(kind, 0)
    if kind == "boolean" and meaning in _CLOSED:
        points = 0
    if meaning in _CLOSED and profile.distinct > _CLOSED[meaning]:
        points -= 45
    if meaning in _NAMED and sight.header.kind and sight.header.points(meaning) < 74:
        points -= 45  # the type of a supplier is no supplier
    if meaning in _PAPERS and sight.header.part is None and kind in ("text", "boolean"):
        points -= 30
    if meaning == "row-id" and (kind not in ("identifier", "code", "integer-code", "text") or _counts_rows(sight)):
        points -= 60
    if (meaning == "zip" and profile.longest > 16) or (meaning == "country" and profile.distinct > 260):
        points -= 40
    return points


def _fit_of_time(meaning: str, sight: Sight) -> int:
    kind = sight.writing.kind
    if kind == "empty":
        return -10
    if meaning in ("year", "month"):
        fine = ("year", "fiscal-year", "month") if meaning == "year" else ("month", "integer-code", "code", "text")
        off = -25 if kind in ("integer-code", "code", "text") else -60
        if meaning == "month" and kind in fine and sight.profile.distinct > 31:
            return -45
        return 0 if kind in fine else off
    if kind == "date":
        return 0
    if kind in ("year", "fiscal-year"):
        return -40 if meaning == "date" else -20
    texts = [text for text, _ in sight.profile.values[:20]]
    digits = sum(any(one.isdigit() for one in text) for text in texts)
    return -15 if kind in ("text", "code") and 2 * digits > len(texts) else -60


def _counts_rows(sight: Sight) -> bool:
    """Whether the cells are 1, 2, 3 …"""
    texts = [text for text, _ in sight.profile.values]
    if sight.profile.distinct != sight.profile.filled or not all(one.isdigit() and len(one) < 9 for one in texts):
        return False
    numbers = sorted(int(one) for one in texts)
    return bool(numbers) and numbers[0] in (0, 1) and numbers[-1] < 2 * max(len(numbers), sight.profile.filled)
