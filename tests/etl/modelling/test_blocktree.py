"""Blocks within blocks are found by arithmetic alone, and hardly ever by chance."""

from __future__ import annotations

import random
from decimal import Decimal

from openspending.etl.modelling.blocks import heads
from tests.etl.modelling.test_rows import only, proposals

TREE = [617, 258, 103, 155, 359, 308, 51, 934, 934, 421, 513]  # 617 = 258 + 359, 934 = 934


def found(amounts: list[int], *, rounded: bool = False) -> list[int]:
    return [row for _, row in heads([(0, row, Decimal(one)) for row, one in enumerate(amounts)], rounded=rounded)]


def test_heads_of_heads_are_heads() -> None:
    assert found(TREE) == [0, 1, 4, 7, 8]


def test_heads_may_stand_below_what_they_sum_up() -> None:
    assert found(TREE[::-1]) == [2, 3, 6, 9, 10]


def test_the_sum_of_all_of_them_may_stand_at_either_end() -> None:
    assert found([*TREE, 1551]) == [0, 1, 4, 7, 8, 11]
    assert found([1551, *TREE]) == [0, 1, 2, 5, 8, 9]


def test_a_row_in_no_block_is_a_reason_to_find_none() -> None:
    assert found([*TREE, 77, 78]) == []


def test_rounded_sums_are_found_where_that_is_asked_for() -> None:
    rounded = [618, *TREE[1:]]
    assert found(rounded) == []
    assert found(rounded, rounded=True) == [0, 1, 4, 7, 8]


def test_levels_told_by_spaces_only_are_left_out_when_they_add_up_and_asked_about_when_rounded() -> None:
    names = [f"Item {number}" for number in range(len(TREE))]
    text = "\n".join(f"{name}|{amount}" for name, amount in zip(names, TREE, strict=True))
    assert only(proposals(text, head="Item|Amount"))[:2] == ("rows:subtotal:blocks-1", True)
    text = text.replace("|617", "|618")
    assert only(proposals(text, head="Item|Amount"))[:2] == ("rows:subtotal:blocks-1", False)


def test_chance_makes_no_trees() -> None:
    dice = random.Random(1)
    for _ in range(300):
        amounts = [dice.randrange(1, dice.choice((10, 100, 1000))) for _ in range(dice.randrange(5, 16))]
        assert found(amounts, rounded=True) == [] or found(amounts) == []
