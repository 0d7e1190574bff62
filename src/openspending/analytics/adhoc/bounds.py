"""How much a question may need. Small enough that many can be asked, large enough for any table that a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LONGEST_QUERY: Final = 65_536  # characters
LARGEST_ANSWER: Final = 64_000_000  # bytes of the whole answer, as Arrow
MOST_TABLES: Final = 32  # of one query


@dataclass(frozen=True, slots=True)
class Bounds:
    """`memory` in bytes beyond what an idle child has; `seconds` of wall clock; `rows` of the answer."""

    memory: int = 512_000_000
    seconds: int = 10
    rows: int = 100_000

    @property
    def megabytes(self) -> str:
        """The memory in words."""
        return f"{self.memory / 1_000_000:,.0f} MB"
