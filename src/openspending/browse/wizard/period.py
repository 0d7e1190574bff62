"""The fiscal period of a dataset: as the years in its file propose it, and as the next file's years move it on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Period = Mapping[str, str]


def proposed(result: Mapping[str, Any]) -> Period:
    """The calendar years from the first to the last that the facts have; {} where they have none, or others."""
    years = _years(result)
    return {"start": f"{years[0]}-01-01", "end": f"{years[-1]}-12-31"} if years else {}


def moved_on(before: Mapping[str, Any], result: Mapping[str, Any]) -> Period:
    """What the period of a dataset is with the next file, where it was whole calendar years and the file has others; {}
    where it stays, or only a person can say it."""
    period = before.get("fiscalPeriod")
    if not isinstance(period, Mapping):
        return {}
    start, end = str(period.get("start", "")), str(period.get("end", ""))
    now = proposed(result)
    whole = start.endswith("-01-01") and end.endswith("-12-31")
    return now if whole and now and (start, end) != (now["start"], now["end"]) else {}


def _years(result: Mapping[str, Any]) -> list[str]:
    plan = result.get("plan") or {}
    look = plan.get("preview") or {}
    if "year" not in look.get("by", ()):
        return []
    found = sorted({str(one["year"]) for one in look["totals"]})
    return found if all(re.fullmatch(r"[12]\d{3}", one) for one in found) else []
