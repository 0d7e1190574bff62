"""How much of a package we are willing to unpack and read, and how much a report says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openspending.speaking.said import said

MEGABYTE: Final = 1 << 20
SHOWN: Final = 20  # rows that a report names for each kind of problem; the last stands for all others


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes. A compressed file is refused when it unpacks to more than `unpacked`, or to more than `ratio`
    times its own size once it is larger than `harmless`: a bomb shows by its ratio, ordinary tables stay below 100."""

    descriptor: int = 10 * MEGABYTE
    unpacked: int = 50_000 * MEGABYTE
    ratio: int = 300
    harmless: int = 64 * MEGABYTE
    members: int = 10_000
    cell: int = 16 * MEGABYTE
    columns: int = 20_000  # a spreadsheet has 16,384 at most; what has more is no table
    elements: int = 500_000  # of the small parts of a workbook, such as its styles
    texts: int = 200 * MEGABYTE  # shared by the cells of a workbook, which must be in memory
    grid: int = 20_000_000  # cells of a sheet, the empty ones included; more must not be nearly all empty
    sparse: int = 200  # cells in the grid for each that holds something

    def exceeded(self, unpacked: int, packed: int) -> str | None:
        """Why `packed` bytes that unpack to `unpacked` or more are refused, or None."""
        if unpacked > self.unpacked:
            return said("it unpacks to more than {most} bytes", most=self.unpacked)
        if unpacked > self.harmless and unpacked > self.ratio * max(packed, 1):
            return said("it unpacks to more than {ratio} times its size, as only a bomb does", ratio=self.ratio)
        return None

    def far_apart(self, rows: int, columns: int, filled: int) -> bool:
        """Whether the few cells of a sheet lie so far apart that there are millions of empty ones between them."""
        return rows * columns > self.grid and rows * columns > self.sparse * max(filled, 1)


DEFAULT_LIMITS: Final = Limits()
