"""How much a question may need. Small enough that many can be asked, large enough for any table that a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LONGEST_QUERY: Final = 65_536  # characters
LARGEST_ANSWER: Final = 64 << 20  # bytes of the whole answer, as Arrow
MOST_TABLES: Final = 32  # of one query


@dataclass(frozen=True, slots=True)
class Bounds:
    """`memory` in bytes beyond what an idle child has; `seconds` of wall clock; `rows` of the answer."""

    memory: int = 512 << 20
    seconds: int = 10
    rows: int = 100_000
