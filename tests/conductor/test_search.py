"""Searching: the sixteen packages that the original was tested with, and its other cases."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from openspending.conductor.matching import search

Filters = dict[str, list[Any]]


def document(id_: str, **package: Any) -> dict[str, Any]:
    return {"id": id_, "model": {}, "package": package, "origin_url": "", "loaded": True, "last_update": 0}


def found(documents: list[Any], text: str = "", filters: Filters | None = None, size: int = 100) -> list[str]:
    return [str(one["id"]) for one in search(documents, text, filters or {}, size)]


SEEN = [  # by anybody; which of all packages an asker sees is told by the permissions
    document(f"{owner}-{word}", owner=owner, title=f"This is a {word}")
    for owner, word in product(("owner1", "owner2"), ("cat", "dog"))
]
NUMBERED = [
    document(str(one), title=f"This dataset is number{one} test{one}", author=f"BlaBla{one}@test2.com")
    for one in range(10)
]


@pytest.mark.parametrize(
    ("documents", "text", "filters", "count"),
    [
        (SEEN, "", {}, 4),
        (SEEN, "cat", {}, 2),
        (SEEN, "cat", {"package.owner": ["owner1"]}, 1),
        (SEEN, "CAT", {}, 2),
        (SEEN, "owner1", {}, 2),
        (SEEN, "own", {}, 0),
        (NUMBERED, "dataset shataset", {}, 10),
        (NUMBERED, "number1", {}, 1),
        (NUMBERED, "writer", {}, 0),
        (NUMBERED, "test2", {}, 1),
        (NUMBERED, "", {"package.author": ["BlaBla2@test2.com"]}, 1),
        (NUMBERED, "dataset", {"package.author": ["BlaBla2@test2.com"]}, 1),
        (NUMBERED, "", {"package.title": ["number1 number2"]}, 2),
        (NUMBERED, "", {"package.nothing": [None]}, 0),
    ],
)
def test_a_search_finds_what_the_originals_found(documents: list[Any], text: str, filters: Filters, count: int) -> None:
    assert len(found(documents, text, filters)) == count


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"model": ["str7"]}, 1),
        ({"package": [7]}, 1),
        ({"id": [True]}, 10),
        ({"id": [1]}, 0),
        ({"model": ["str6"], "package": [6]}, 1),
        ({"model": ["str6", "str7"]}, 2),
        ({"model": ["str6"], "package": [7]}, 0),
        ({"origin_url.name": ["innername"]}, 10),
    ],
)
def test_filters_compare_values_as_json_has_them(filters: Filters, count: int) -> None:
    odd = [
        {"id": True, "package": one, "model": f"str{one}", "origin_url": {"name": "innername"}, "last_update": 0}
        for one in range(10)
    ]
    assert len(search(odd, "", filters, 100)) == count


def test_a_list_has_a_value_when_one_of_it_is_that() -> None:
    both = document("x", countryCode=["GB", "FR"], title="x")

    assert found([both], "", {"package.countryCode": ["FR"]}) == ["x"]
    assert found([both], "gb") == ["x"]


def test_the_best_come_first_and_no_more_than_wanted() -> None:
    one, two = document("one", title="school"), document("two", title="school roofs")

    assert found([one, two], "school roofs") == ["two", "one"]
    assert found([one, two], "school roofs", size=1) == ["two"]
