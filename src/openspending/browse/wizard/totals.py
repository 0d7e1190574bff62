"""Control totals as the form has them: what they are, how much, of which year, and where that is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from babel.numbers import NumberFormatError, parse_decimal

from openspending.browse.languages import ENGLISH, current
from openspending.browse.languages import gettext as _
from openspending.browse.signedin.visit import Visit

EMPTY: Final = 3  # rows of the form
PARTS: Final = ("title", "equals", "year", "source")
_SPACES: Final = re.compile(r"[\s\u00a0\u202f'’]")
_AMOUNT: Final = re.compile(r"-?[0-9][0-9.,]*(?<![.,])")
_CONVENTIONS: Final = ("en", "en_IN", "de")  # of 1,234,567.8, of 12,34,567.8, of 1.234.567,8; the first is English


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
    if not _AMOUNT.fullmatch(bare):
        return ""
    meant = dict.fromkeys(one for one in (_read(bare, convention) for convention in _CONVENTIONS) if one is not None)
    if len(meant) > 1 and current() != ENGLISH:
        return ""
    return next((f"{one:f}" for one in meant), "")


def _read(bare: str, convention: str) -> Decimal | None:
    """The amount by one convention of marks; None where it breaks it."""
    try:
        return parse_decimal(bare, convention, strict=True)
    except NumberFormatError:
        return None


def year_column(result: Mapping[str, Any]) -> str:
    """The column of the year; "" without one."""
    schemas = [one.get("schema", {}) for one in result["package"]["resources"]]
    fields = [field for one in schemas for name in ("fields", "extraFields") for field in one.get(name) or ()]
    return next((str(one["name"]) for one in fields if one.get("columnType") == "date:fiscal-year"), "")
