"""What a sheet of a workbook (Office Open XML) can hold, and how a text is written there so that it stays that text."""

from __future__ import annotations

import re
from typing import Final

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
MOST_CHARACTERS: Final = 32_767
COMMENTS: Final = 5_000  # in one sheet; programs grow slow with more
_CUT: Final = 4_000
_NAME: Final = 31
# Characters that XML cannot hold or would change, and texts that already look like an escape (ECMA-376, ST_Xstring).
_ESCAPED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def in_sheet(text: str) -> str:
    """`text` as a cell holds it: what XML cannot hold is escaped as the format prescribes, and a text that does not fit
    is cut, with an ellipsis."""
    return _escaped(text) if fits(text) else _escaped(text[:_CUT]) + "…"


def fits(text: str) -> bool:
    """Whether a cell can hold all of a text. Spreadsheets count UTF-16 units; an escape takes seven."""
    if len(text) * 7 <= MOST_CHARACTERS:
        return True
    escaped = _escaped(text)
    return len(escaped) + sum(one > "\uffff" for one in escaped) <= MOST_CHARACTERS


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def formula_like(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula, if somebody typed it."""
    return text.startswith(_FORMULA)


def sheet_name(path: str, taken: set[str]) -> str:
    """A name for the sheet of the file at `path` that no sheet has yet; it is added, in lower case, to `taken`."""
    bare = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", path.rsplit("/", 1)[-1]).strip("' ") or "table"
    name, number = bare[:_NAME].rstrip("' "), 1
    while name.lower() in taken or name.lower() == "history":
        number += 1
        name = f"{bare[: _NAME - len(str(number)) - 1].rstrip()}~{number}"
    taken.add(name.lower())
    return name
