"""Queries as JSON: what cannot be read is refused with its place, whatever it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openspending.analytics.query import AllOf, AnyOf, Condition, Cut, Not, Order
from openspending.analytics.queryjson import WORDS, conditions_of, order_of, refs_of
from openspending.analytics.querytext import parse_cuts
from openspending.errors import BadQuery

ODD: list[Any] = [[], {}, [None, None], {"a": 1}, 1.5, "x", 7]


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ({"ref": "a", "value": "1"}, Cut("a", ("1",))),
        ({"ref": "a", "op": "not", "value": ["1", None]}, Cut("a", ("1", None), "!:")),
        ({"ref": "a", "op": "range", "value": [None, Decimal("1.5")]}, Cut("a", (None, Decimal("1.5")), "..")),
        ({"ref": "a", "op": "null"}, Cut("a", (None,))),
        ({"ref": "a", "op": "null", "value": False}, Cut("a", (None,), "!:")),
        (
            {"any": [{"ref": "a", "value": 1}, {"ref": "b", "op": "gt", "value": 2}]},
            AnyOf((Cut("a", (1,)), Cut("b", (2,), ">:"))),
        ),
        ({"not": [{"ref": "a", "value": 1}, {"ref": "b", "value": 2}]}, Not(AllOf((Cut("a", (1,)), Cut("b", (2,)))))),
    ],
    ids=["value", "none of", "open range", "missing", "there", "any", "not all"],
)
def test_conditions_mean_what_they_say(raw: Any, meant: Condition) -> None:
    assert conditions_of([raw]) == (meant,)


def test_json_and_text_mean_the_same() -> None:
    assert conditions_of([{"ref": "a", "op": "prefix", "value": "x"}]) == parse_cuts("a^:x")
    assert order_of(["a", {"ref": "b", "direction": "desc"}]) == (Order("a"), Order("b", descending=True))
    assert refs_of(["a", "b.c"], "/drilldown") == ("a", "b.c")


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_what_is_no_operator_or_direction_is_refused_with_its_place(odd: Any) -> None:
    for raw, pointer in (
        ([{"ref": "a", "op": odd, "value": 1}], "/cut/0/op"),
        ([{"any": [{"ref": "a", "op": odd}]}], "/cut/0/any/0/op"),
        ([{"ref": "a", "op": "null", "value": odd}], "/cut/0/value"),
    ):
        with pytest.raises(BadQuery) as found:
            conditions_of(raw)
        assert found.value.parameter == pointer
    with pytest.raises(BadQuery) as found:
        order_of([{"ref": "a", "direction": odd}])
    assert found.value.parameter == "/order/0/direction"


@pytest.mark.parametrize("word", sorted(WORDS))
@pytest.mark.parametrize("odd", [[], {}, [[]], [{}], {"a": 1}, [None, None]], ids=repr)
def test_values_that_are_none_are_refused(word: str, odd: Any) -> None:
    many = WORDS[word] in {":", "!:"} and word != "null"
    if odd == [None, None] and many:
        assert conditions_of([{"ref": "a", "op": word, "value": odd}])
    else:
        with pytest.raises(BadQuery):
            conditions_of([{"ref": "a", "op": word, "value": odd}])


@pytest.mark.parametrize("odd", [{"a": 1}, 1.5, "x", 7, None, [7], [[]], [{}], [None]], ids=repr)
def test_what_is_no_list_of_conditions_keys_or_refs_is_refused(odd: Any) -> None:
    for reader in (conditions_of, order_of, lambda raw: refs_of(raw, "/drilldown")):
        with pytest.raises(BadQuery):
            reader(odd)
