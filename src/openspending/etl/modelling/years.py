"""Years and fiscal years, which look like small numbers and codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

_YEAR: Final = re.compile(r"(?:19|20)\d\d|2100")
_FISCAL: Final = re.compile(
    r"(?:(?:FY|F\.Y\.|AF|EF|GJ|HJ) ?)?(?P<first>(?:19|20)?\d\d) ?[/\-–—] ?(?P<last>(?:19|20)?\d\d)|"
    r"(?:FY|AF|EF|GJ|HJ) ?(?:(?:19|20)\d\d|\d\d)",
    re.IGNORECASE,
)


def all_years(texts: Iterable[str]) -> bool:
    """Whether all texts are calendar years between 1900 and 2100."""
    return all(_YEAR.fullmatch(text) for text in texts)


def looks_like_years(counts: Mapping[str, int]) -> bool:
    """Whether a column of years repeats them as a year column does: few different ones, close to each other."""
    years = sorted(int(text) for text in counts)
    return len(years) <= 80 and years[-1] - years[0] <= 100


def all_fiscal_years(texts: Iterable[str]) -> bool:
    """Whether all texts are fiscal years: `2015/16`, `2015-2016`, `FY16-17`, `FY2016`, `15/16`.

    The second year must follow the first; `05/12` is no fiscal year but a month."""
    return all(_fiscal(text) for text in texts)


def _fiscal(text: str) -> bool:
    found = _FISCAL.fullmatch(text)
    if found is None:
        return False
    if found["first"] is None:
        return True
    return (int(found["last"]) - int(found["first"])) % 100 == 1
