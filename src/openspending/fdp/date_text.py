"""How dates and times are written in a column: a lexical gate per format, and the cast, as SQL text.

The gate comes first because the engine reads too much as a date (`20-01-05` as the year 20).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from openspending.fdp.sqltext import full_match, literal, plain

_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?"
ISO: Final = {
    "date": _DAY,
    "time": _CLOCK,
    "datetime": rf"{_DAY}T{_CLOCK}(?:Z|[+-]\d{{2}}:\d{{2}})?",
}
_SQL_TYPE: Final = {"date": "DATE", "time": "TIME", "datetime": "TIMESTAMP"}
_ISO_PATTERN: Final = {"date": "%Y-%m-%d", "time": "%H:%M:%S", "datetime": "%Y-%m-%dT%H:%M:%SZ"}
# Directives as Python and the engine both read them; the leading zero may be left out where a mark follows.
_DIRECTIVES: Final = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"\d{2}",
    "d": r"\d{2}",
    "H": r"\d{2}",
    "I": r"\d{2}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "j": r"\d{3}",
    "f": r"\d{1,6}",
    "b": r"[A-Za-z]{3}",
    "B": r"[A-Za-z]{3,9}",
    "a": r"[A-Za-z]{3}",
    "A": r"[A-Za-z]{6,9}",
    "p": r"(?:[AaPp][Mm])",
    "%": "%",
}
_SHORT: Final = frozenset("mdHIMS")


@dataclass(frozen=True, slots=True)
class DateText:
    """The written form of one date, time or datetime column; `pattern` None means ISO 8601."""

    kind: str
    gate: str
    pattern: str | None

    def valid(self, text: str) -> str:
        """SQL boolean: is `text` such a date, and one that the calendar has?"""
        cast = self._cast(text, "try_")
        real = f"{cast} >= DATE '0001-01-01'" if self.kind != "time" else f"{cast} IS NOT NULL"
        return f"({full_match(text, self.gate)} AND {real})"

    def value(self, text: str) -> str:
        """SQL DATE, TIME or TIMESTAMP. A zone is read but not kept: facts hold the time as it was written."""
        return self._cast(text, "")

    def _cast(self, text: str, attempt: str) -> str:
        target = _SQL_TYPE[self.kind]
        if self.pattern is None:
            return f"{attempt}cast({text} AS {target})"
        return f"{attempt}cast({attempt}strptime({text}, {literal(self.pattern)}) AS {target})"


def date_text(kind: str, pattern: str) -> DateText | None:
    """How a column of `kind` (date, time, datetime) with the format `pattern` is written; None when we cannot read
    the pattern. `any` is read as ISO 8601: guessing between day and month would be worse than refusing."""
    if pattern in ("default", "any", "", _ISO_PATTERN[kind]):
        return DateText(kind, ISO[kind], None)
    gate = _gate(pattern)
    return None if gate is None else DateText(kind, gate, pattern)


def _gate(pattern: str) -> str | None:
    """RE2 for a strptime pattern; None for directives that are unknown or read differently by different programs."""
    if "%" not in pattern.replace("%%", ""):
        return None
    parts = re.findall(r"%.?|[^%]+", pattern, flags=re.DOTALL)
    gate = ""
    for before, part, after in zip(["/", *parts], parts, [*parts[1:], "/"], strict=False):
        if not part.startswith("%"):
            gate += plain(part)
        elif part[1:] not in _DIRECTIVES:
            return None
        elif part[1:] in _SHORT and not before.startswith("%") and not after.startswith("%"):
            gate += r"\d{1,2}"
        else:
            gate += _DIRECTIVES[part[1:]]
    return gate
