"""One kind of problem, as the catalogue describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

ERROR: Final = "error"
WARNING: Final = "warning"


class Kind(NamedTuple):
    """A kind of problem: its title, "error" or "warning", and two templates: what is wrong, and how to mend it."""

    title: str
    severity: str
    message: str
    fix: str


Kinds = Mapping[str, Kind]  # by code
