"""Control totals as the form has them: what they are, how much, of which year, and where that is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from openspending.browse.languages import ENGLISH, current
from openspending.browse.languages import gettext as _
from openspending.browse.signedin.visit import Visit

EMPTY: Final = 3  # rows of the form
PARTS: Final = ("title", "equals", "year", "source")
_SPACES: Final = re.compile(r"[\s\u00a0\u202f'’]")
_THOUSANDS: Final = 3  # digits


def totals(visit: Visit, result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the form says: each row in which anything stands. An amount that can be read is written plainly."""
    year = year_column(result)
    found = []
    for values in zip(*(visit.fields(f"control.{part}") for part in PARTS), strict=False):
        title, equals, of_year, source = (one.strip() for one in values)
        if any((title, equals, of_year, source)):
            where = {"where": {year: of_year}} if of_year and year else {}
            said = {"title": title, "equals": amount(equals) or equals, "source": source}
            found.append({**{name: value for name, value in said.items() if value}, **where})
    return found


def rows(controls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the form, some of them empty."""
    shown = [{**one, "year": next(iter(one["where"].values()), "") if one.get("where") else ""} for one in controls]
    return shown + [{}] * max(1, EMPTY - len(shown))


def wrong(controls: list[dict[str, Any]]) -> str:
    """What is wrong with them; "" for nothing."""
    amounts = [str(one.get("equals", "")) for one in controls]
    if not all(amounts):
        return _("A control total needs its amount.")
    unclear = next((one for one in amounts if not amount(one)), "")
    if unclear:
        return _("“{amount}” can be read in two ways, or not at all. Write it without marks between thousands.").format(
            amount=unclear
        )
    return ""


def amount(text: str) -> str:
    """An amount as a person writes it, as digits with a point; "" where it may mean two amounts, or none."""
    bare = _SPACES.sub("", text).replace("−", "-")
    if not re.fullmatch(r"-?\d[\d.,]*", bare) or bare[-1] in ".,":
        return ""
    marks = re.sub(r"[^.,]", "", bare)
    kinds = list(dict.fromkeys(marks))
    if len(kinds) == len(",.") and marks.count(kinds[1]) == 1 and marks[-1] == kinds[1]:
        return bare.replace(kinds[0], "").replace(kinds[1], ".")
    if len(kinds) > 1:
        return ""
    if len(marks) > 1:
        return bare.replace(kinds[0], "")
    return _once(bare, kinds[0]) if kinds else bare


def _once(bare: str, mark: str) -> str:
    """An amount with one mark: three digits after it may be thousands."""
    if len(bare.partition(mark)[2]) != _THOUSANDS:
        return bare.replace(mark, ".")
    if current() != ENGLISH:
        return ""
    return bare if mark == "." else bare.replace(mark, "")


def year_column(result: Mapping[str, Any]) -> str:
    """The column of the year; "" without one."""
    schemas = [one.get("schema", {}) for one in result["package"]["resources"]]
    fields = [field for one in schemas for name in ("fields", "extraFields") for field in one.get(name) or ()]
    return next((str(one["name"]) for one in fields if one.get("columnType") == "date:fiscal-year"), "")
