"""What the cells of a column hold, without any meaning: how many, how many different ones, and what they look like."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """One column of a loaded table.

    `values` are its most frequent texts with their counts (at most 2,000; trimmed of outer spaces; no blanks);
    `shapes` are its texts with every digit as 9 and every run of letters as a, with their counts and one example each
    (at most 200). `forms` are coarse shapes (at most 400), so that there are few of them however many numbers differ:
    no run of nines is longer than four, and a first digit 0 stays 0. All are of the rows looked at: all of a small
    table, a sample of a large one (`complete` False).
    """

    position: int
    label: str
    rows: int  # looked at
    filled: int  # of these, cells with more than spaces
    distinct: int  # different texts among these
    values: tuple[tuple[str, int], ...]
    shapes: tuple[tuple[str, int, str], ...]
    longest: int  # characters
    padded: int  # cells with spaces around their text
    complete: bool = True
    forms: tuple[tuple[str, int, str], ...] = ()
