from collections.abc import Callable, Mapping
from math import prod
from pathlib import Path
from random import Random

import pytest

from openspending.analytics.guards.roles import ATTRIBUTE, EXCLUSIVE, PARTITION, TIME
from openspending.analytics.stored.lattice import (
    MOST_CELLS,
    MOST_CUBOIDS,
    MOST_TOGETHER,
    Member,
    Set,
    choose,
    lattice,
)
from tests.analytics.stored.tables import BUDGET, Shape, asked, rows_of

FACTS = 10_000_000
AXES = (
    Member("year", 15, common=True, time=True),
    Member("phase", 3, common=True, time=False),
    Member("division", 10, common=False, time=False),
    Member("ministry", 30, common=False, time=False),
    Member("group", 69, common=False, time=False),
    Member("unit", 6000, common=False, time=False),
    Member("currency", 1, common=True, time=False),
)


def independent(facts: int, axes: tuple[Member, ...], within: Mapping[str, str]) -> Callable[[Set], int]:
    """Cells where axes have nothing to do with each other, but that some lie `within` others."""
    members = {one.ref: one.members for one in axes}

    def cells(one: Set) -> int:
        above = {within[ref] for ref in one if ref in within}
        return min(facts, prod(members[ref] for ref in one - above))

    return cells


def chosen(axes: tuple[Member, ...], facts: int = FACTS, within: Mapping[str, str] | None = None) -> list[Set]:
    space = lattice(axes)
    cells = independent(facts, axes, within or {})
    return choose(space, {one: cells(one) for one in space.counted()}, facts)


def test_what_excludes_is_in_every_cuboid_and_the_year_in_some() -> None:
    found = chosen(AXES)
    assert all("phase" in one for one in found)
    assert any("year" in one for one in found)
    assert any("year" not in one for one in found)


def test_upper_levels_and_what_has_one_member_come_with_each_cuboid() -> None:
    found = chosen(AXES, within={"group": "division"})
    assert all("currency" in one for one in found)
    assert all("division" in one for one in found if "group" in one)


def test_pairs_and_threes_are_covered_where_they_have_few_cells() -> None:
    found = chosen(AXES, within={"group": "division"})
    for asked_for in (
        {"year"},
        {"ministry", "division"},
        {"year", "ministry", "division"},
        {"ministry", "group", "phase"},
    ):
        assert any(asked_for <= one for one in found), asked_for


@pytest.mark.parametrize("facts", [0, 3, 1_000, 1_000_000, 100_000_000])
@pytest.mark.parametrize("members", [2, 40, 1_500])
def test_wide_models_have_few_and_small_cuboids(facts: int, members: int) -> None:
    wide = tuple(Member(f"d{number}", members, common=number < 3, time=number == 0) for number in range(60))
    found = chosen(wide, facts)
    cells = independent(facts, wide, {})
    assert len(found) <= MOST_CUBOIDS
    assert all(cells(one) <= min(MOST_CELLS, facts // 4) for one in found)
    assert sum(map(cells, found)) <= min(MOST_TOGETHER, facts // 2)


def test_without_any_axis_the_total_is_stored() -> None:
    assert chosen((), 100) == [frozenset()]


def test_cuboids_of_a_wide_table_are_few_and_leave_out_what_has_many_members(tmp_path: Path) -> None:
    shapes = (
        Shape("year", 3, TIME, label=False),
        Shape("phase", 2, EXCLUSIVE),
        *(Shape(f"d{number}", 2 + number, PARTITION, label=False) for number in range(56)),
        Shape("contract", 30_000, ATTRIBUTE),
        Shape("supplier", 25_000, PARTITION),
    )
    found = asked(tmp_path, shapes, rows_of(shapes, 2_000, Random(2))).catalogue
    assert 0 < len(found.cuboids) <= MOST_CUBOIDS
    assert sum(one.cells for one in found.cuboids) <= 2_000
    assert not {"contract", "supplier"} & {ref for one in found.cuboids for ref in one.dimensions}


def test_a_label_with_many_texts_is_left_out_and_its_code_stays(tmp_path: Path) -> None:
    shapes = (Shape("fund", 3), Shape("year", 2, TIME, label=False))
    rows = [("001", f"Text {number}", "000", None, None) for number in range(25_000)]
    found = asked(tmp_path, shapes, rows).catalogue
    refs = {ref for one in found.cuboids for ref in one.columns}
    assert "fund.code" in refs
    assert "fund.label" not in refs


def test_the_same_facts_make_the_same_files(tmp_path: Path) -> None:
    rows = rows_of(BUDGET, 1_000, Random(3))
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    assert asked(tmp_path / "one", BUDGET, rows).catalogue == asked(tmp_path / "other", BUDGET, rows).catalogue
