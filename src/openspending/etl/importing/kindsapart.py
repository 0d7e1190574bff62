"""Files with the same columns, of which one is about expenditure and the other about revenue, one of 2024 and the other
of 2025, one in thousands: what stands around a table is of all its amounts, so they are tables of their own.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any, Final

from openspending.etl.decisions import SURE
from openspending.etl.importing.precedent import Before
from openspending.etl.inspecting.candidate import Candidate
from openspending.etl.inspecting.parts import Parts, parts_of
from openspending.etl.modelling.surroundings import UNKNOWN, Surroundings, read_surroundings

_MONEY: Final = ("unit", "currency", "direction", "phase")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LONGEST: Final = 20  # characters of a cell that tells the time


def by_surroundings(group: Parts, given: Mapping[str, str], before: Before) -> list[Parts]:
    """The parts of a table in groups around which the same is said. What is `given` by a person is so for all new
    ones, but not for those that others are added to."""
    if len(group.parts) < 2:
        return [group]
    kinds: dict[Hashable, list[Candidate]] = {}
    names = (*_MONEY, *(() if _dated(group.parts[0]) else ("year",)))
    asked = [name for name in names if name not in given]
    own = "year" in names or len(asked) < len(names)  # what is new has a year or unit of its own
    for one in group.parts:
        said = _surroundings(one)
        table = before.table(one.name) if own and before.keeps([one.name]) else None
        kind = (*(_said(said, name) for name in asked), None if table is None else table.name)
        kinds.setdefault(kind, []).append(one)
    return [group] if len(kinds) == 1 else [each for parts in kinds.values() for each in parts_of(parts)]


def _surroundings(one: Candidate) -> Surroundings:
    texts = [cut.text for cut in one.cut if cut.text]
    return read_surroundings([*texts, one.sheet] if one.sheet else texts, one.name)


def _said(found: Surroundings, name: str) -> Any:
    """What is surely said of one thing; a unit of one is as good as none."""
    best = next((each.best for each in found.proposals if each.id == name), None)
    if best is None or best.value == UNKNOWN or (best.confidence < SURE and name != "unit"):
        return None
    return None if (name, best.value) == ("unit", "1") else best.value


def _dated(one: Candidate) -> bool:
    """Whether a column seems to tell the time in every row, so that the years around do not matter."""
    columns = zip(*one.preview, strict=False)
    return any(
        any(cells) and all(not cell or (len(cell) <= _LONGEST and _YEAR.search(cell)) for cell in cells)
        for cells in columns
    )
