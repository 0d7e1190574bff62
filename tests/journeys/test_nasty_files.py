"""Files as ministries publish them are imported right, or asked about: never silently wrong.

Every file is made of a table of which all rows, codes and amounts are known; what is published is compared with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.nasty import Case
from tests.journeys.nastybooks import books_at_risk
from tests.journeys.nastycases import cases
from tests.journeys.nastymixed import mixed
from tests.journeys.nastyoddities import oddities
from tests.journeys.nastyrisks import risks
from tests.journeys.nastyrun import run
from tests.journeys.nastywide import wide

pytestmark = pytest.mark.slow

ALL = {case.name: case for case in (*cases(), *risks(), *books_at_risk(), *oddities())}
# A few of each kind, for while one works.
FEW = ("pl in cp1250", "brackets", "unit tis. Kč", "all of it, de", "two years in two files", "carried forward")
MIXTURES = range(4)
WIDE = range(3)


def never_silently_wrong(case: Case, folder: Path) -> None:
    found = run(case, folder)
    allowed = {"asked", "refused"} if case.asked else {"right"} if case.clear else {"right", "asked", "refused"}
    assert found.what in allowed, f"{case.name} is {found.what}: {found.why}"


@pytest.mark.parametrize("name", FEW)
def test_a_nasty_file_is_imported_right_or_asked_about(name: str, tmp_path: Path) -> None:
    never_silently_wrong(ALL[name], tmp_path)


def others() -> list[Any]:
    """All others: a sixth in each run of the suite, the others when somebody asks for all."""
    names = [one for one in ALL if one not in FEW]
    return [pytest.param(one, marks=pytest.mark.exhaustive) if at % 6 else one for at, one in enumerate(names)]


@pytest.mark.parametrize("name", others())
def test_each_nasty_file_is_imported_right_or_asked_about(name: str, tmp_path: Path) -> None:
    never_silently_wrong(ALL[name], tmp_path)


@pytest.mark.parametrize(("made", "seeds"), [(mixed, MIXTURES), (wide, WIDE)], ids=["mixtures", "wide"])
def test_mixtures_by_dice_are_imported_right_or_asked_about(
    made: Callable[[int], Case], seeds: Sequence[int], tmp_path: Path
) -> None:
    found = [(made(seed), tmp_path / str(seed)) for seed in seeds]
    outcomes = [run(case, folder) for case, folder in found]

    assert [one for one in outcomes if one.what == "wrong"] == []
    assert sum(one.what == "right" for one in outcomes) * 3 >= len(outcomes) * 2
