"""`owner.name@3` as people write it: SQL wants quotes around a name with “@”; they are put there before it is parsed.

What is rewritten by mistake does no harm: only what results is looked at and run.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

_PLACE: Final = re.compile(
    r"""'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$  # texts and comments stay as they are
    |(?P<owner>(?:"(?:[^"]|"")*"|\w+)\s*\.\s*)(?P<name>\w[\w.-]*@(?:sha256:[0-9a-f]{8,64}|\d{4}-\d\d-\d\d|\d{1,9}))(?!\w)
    |"(?:[^"]|"")*"|\w+""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """SQL that can be parsed, and where quotes were put into it."""

    text: str
    _added: tuple[int, ...] = field(default=())

    def line_and_column(self, position: int) -> tuple[int, int]:
        """Where a position in this text is in what was written, both from 1."""
        before = self.text[:position]
        start = before.rfind("\n") + 1
        added = bisect_left(self._added, position) - bisect_left(self._added, start)
        return before.count("\n") + 1, position - start - added + 1


def with_quotes(query: str) -> Rewritten:
    """`query` with quotes around every name that has a version and none yet."""
    parts: list[str] = []
    added: list[int] = []
    end = length = 0
    for match in _PLACE.finditer(query):
        if match["name"] is None:
            continue
        for piece in (query[end : match.start("name")], f'"{match["name"]}"'):
            parts.append(piece)
            length += len(piece)
        added += [length - len(match["name"]) - 2, length - 1]
        end = match.end()
    return Rewritten("".join([*parts, query[end:]]), tuple(added))
