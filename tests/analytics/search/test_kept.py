"""Tallies of texts are kept until the index changes, and answer every further filter."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from openspending.analytics.search.embedded.kept import FEW, Kept, within
from openspending.analytics.search.engine import Tally
from openspending.analytics.search.matching import Words

RARE, COMMON = (Words(("rare",)), None), (Words(("common",)), None)


class Counting:
    def __init__(self, cells: int = 3) -> None:
        self.times = 0
        self.cells = cells

    def __call__(self) -> Mapping[int, Tally]:
        self.times += 1
        return {cell: Tally(cell + 1, ()) for cell in range(self.cells)}


def test_what_few_lines_have_is_counted_once() -> None:
    kept, count = Kept(), Counting()
    first = kept.of(RARE, lambda: FEW, count)
    assert kept.of(RARE, lambda: FEW, count) is first
    assert count.times == 1


def test_what_many_lines_have_is_counted_whole_when_it_is_asked_for_again() -> None:
    kept, count = Kept(), Counting()
    assert kept.of(COMMON, lambda: FEW + 1, count) is None
    assert kept.of(COMMON, lambda: FEW + 1, count) is not None
    assert kept.of(COMMON, lambda: FEW + 1, count) is not None
    assert count.times == 1


def test_only_so_much_is_kept_and_the_longest_unasked_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openspending.analytics.search.embedded.kept.MOST", 10)
    kept, count = Kept(), Counting(5)
    for name in ("one", "two", "one", "three"):
        kept.of((Words((name,)), None), lambda: 1, count)
    assert count.times == 3
    kept.of((Words(("one",)), None), lambda: 1, count)
    assert count.times == 3
    kept.of((Words(("two",)), None), lambda: 1, count)
    assert count.times == 4


def test_an_answer_larger_than_all_that_is_kept_is_given_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openspending.analytics.search.embedded.kept.MOST", 10)
    found = Kept().of(RARE, lambda: 1, Counting(11))
    assert found is not None
    assert len(found) == 11


def test_cells_are_taken_out_of_either_side() -> None:
    found = Counting()()
    assert within(found, {1, 9}) == {1: Tally(2, ())}
    assert within(found, {0, 2, 5, 6, 7}) == {0: Tally(1, ()), 2: Tally(3, ())}
