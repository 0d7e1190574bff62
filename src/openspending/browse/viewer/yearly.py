"""Whether an answer really adds up several years: the API warns by what is asked, and only facts can tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.place import Place
from openspending.client import ApiError, Client
from openspending.view import View

ADDED: Final = "years-added"

Answer = Mapping[str, Any]


async def certain(client: Client, place: Place, cube: Cube, view: View, answer: Answer) -> Answer:
    """The answer without the warning of several years, where the facts of the view have amounts of one year alone."""
    warnings = answer["meta"].get("warnings") or ()
    if not view.whole_cut or not any(one.get("code") == ADDED for one in warnings):
        return answer
    if await _several(client, place, cube, view):
        return answer
    kept = [one for one in warnings if one.get("code") != ADDED]
    return {**answer, "meta": {**answer["meta"], "warnings": kept}}


async def _several(client: Client, place: Place, cube: Cube, view: View) -> bool:
    level = cube.level(cube.years[0])
    if level is None:
        return True
    asked = {"drilldown": level.key, "cut": view.whole_cut, "aggregates": view.measure, "allow": "mixed"}
    try:
        found = await client.v1(place.owner, place.versioned, "aggregate", **asked, pagesize="500")
    except ApiError:
        return True
    return sum(one.get(view.measure) is not None for one in found["data"]) > 1
