"""How negative numbers may be written beside `-5`: the forms that a field declares under `negative`.

`parentheses` is (5), `trailing` is 5-, `dash` is one of Unicode's minus signs and short dashes before the digits. The
pieces of RE2 here are put together in `number_text`.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from openspending.fdp.spaces import BLANK, BLANKS
from openspending.fdp.sqltext import literal

FORMS: Final = ("parentheses", "trailing", "dash")
DASHES: Final = "\u2212\u2010\u2011\u2012\u2013"
_OTHER_DASHES: Final = r"\x{2212}\x{2010}-\x{2013}"
# Only money may stand before a bracket or beside a closing sign: `note (5)` and `5 pre-tax` are no negative amounts.
MONEY: Final = rf"{BLANK}*(?:(?:[A-Za-z]{{0,3}}\p{{Sc}}|\p{{Lu}}{{3}}|[Kk]r|Rs|zł|Kč|Ft|%){BLANK}*)?"


def minus(forms: Container[str]) -> str:
    """The signs that mean minus, as inside of an RE2 character class."""
    return rf"\-{_OTHER_DASHES}" if "dash" in forms else r"\-"


def as_minus(text: str, forms: Container[str]) -> str:
    """SQL: the opening bracket and the dashes in `text` as hyphen-minus."""
    marks = ("(" if "parentheses" in forms else "") + (DASHES if "dash" in forms else "")
    return f"translate({text}, {literal(marks)}, {literal('-' * len(marks))})" if marks else text


def signed(text: str, forms: Container[str]) -> str:
    """A number written in one of the `forms`, its sign as a hyphen-minus before the digits; other texts as they are."""
    plain = text.strip(BLANKS)
    signs = "-" + (DASHES if "dash" in forms else "")
    digits = plain[1:-1].strip(BLANKS) if plain[:1] == "(" and plain[-1:] == ")" else ""
    if "parentheses" in forms and digits[:1] not in ("", "+", "-", "(", *DASHES):
        return "-" + digits
    if "trailing" in forms and plain[-1:] in tuple(signs) and plain[:1] not in ("+", *signs) and plain[-2:-1].isdigit():
        return "-" + plain[:-1]
    return "-" + plain[1:] if plain[:1] in tuple(signs) else plain
