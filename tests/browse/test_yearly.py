"""Several years are only told of where the facts of a view are of several."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import pytest

from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.yearly import certain
from openspending.client import Client
from openspending.view import View

MODEL: Mapping[str, Any] = {
    "dimensions": {"year": {"label": "Year", "key_ref": "year.year", "attributes": {"year": {}}}},
    "roles": {"dimensions": [], "exclusive": [], "years": {"ref": "year", "years": [[2019, 5], [2020, 4]]}},
    "measures": {},
    "aggregates": {},
    "defaults": [],
}
WARNED: Mapping[str, Any] = {"data": [], "meta": {"warnings": [{"code": "years-added"}, {"code": "negatives"}]}}


class Asked:
    """Answers with these amounts, one for each year, and counts questions."""

    def __init__(self, *amounts: str | None) -> None:
        self.amounts = amounts
        self.questions = 0

    async def v1(self, *_: str, **__: str) -> Mapping[str, Any]:
        self.questions += 1
        return {"data": [{"amount.sum": one} for one in self.amounts]}


@pytest.mark.parametrize(
    ("cut", "amounts", "kept"),
    [
        ((), ("1", "2"), 2),  # all there is has several years: nothing is asked
        (("phase:paid",), ("1", "2"), 2),
        (("phase:paid",), ("1", None), 1),
        (("phase:paid",), ("1",), 1),
    ],
)
def test_only_what_the_facts_have_is_told(cut: tuple[str, ...], amounts: tuple[str | None, ...], kept: int) -> None:
    client = Asked(*amounts)
    view = View(measure="amount.sum", cut=cut)
    found = asyncio.run(certain(cast("Client", client), Place("a", "b"), Cube(MODEL), view, WARNED))
    assert len(found["meta"]["warnings"]) == kept
    assert client.questions == (1 if cut else 0)
