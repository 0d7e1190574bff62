"""Spaces of all kinds, which leave no ink: what is blank, and what text is without them at its ends; as SQL text."""

from __future__ import annotations

from typing import Final

from openspending.fdp.sqltext import literal

# As one string, for `str.strip`: what Unicode calls white space, the space of no width and the byte order mark.
BLANKS: Final = (
    "\t\n\v\f\r \u0085\u00a0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
)
BLANK: Final = (  # the same as RE2
    r"[\t\n\x0B\f\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200B}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]"
)


def blank(text: str) -> str:
    """SQL boolean: has `text` no ink at all? NULL has none."""
    return f"(CASE WHEN {_begins_with_ink(text)} THEN FALSE ELSE coalesce({all_blank(text)}, TRUE) END)"


def unless_blank(text: str, value: str) -> str:
    """SQL: `value`, or NULL where `text` has no ink. Few texts begin with a space: only these are looked at closely."""
    return f"(CASE WHEN {_begins_with_ink(text)} THEN {value} WHEN NOT {all_blank(text)} THEN {value} END)"


def all_blank(text: str) -> str:
    """SQL boolean: nothing but spaces in `text`, or nothing."""
    return f"regexp_full_match({text}, {literal(BLANK + '*')})"


def trimmed(text: str) -> str:
    """SQL: `text` without the spaces at its ends."""
    return f"regexp_replace({text}, {literal(f'^{BLANK}+|{BLANK}+$')}, '', 'g')"


def _begins_with_ink(text: str) -> str:
    return f"({text} >= '!' AND {text} < '~')"
