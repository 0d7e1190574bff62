"""What the API is asked for a view."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from openspending.browse.viewer.cube import Cube
from openspending.client import dataset_path
from openspending.view import View

MOST_ROWS = 10_000  # of an answer
WHOLE = 2000  # cells of a table that is put together here


@dataclass(frozen=True, slots=True)
class Question:
    """An endpoint and its parameters; `pagesize` is how many rows of the answer a page shows."""

    endpoint: str
    parameters: dict[str, str]
    pagesize: int

    def address(self, owner: str, name: str, form: str = "") -> str:
        """The address of the whole answer in a form such as csv; without a form, that of the page in JSON."""
        parameters = self.parameters if form else {**self.parameters, "pagesize": str(self.pagesize)}
        query = urlencode({key: value for key, value in parameters.items() if value}, quote_via=quote, safe="|:,~.*()!")
        path = dataset_path(owner, name, f"{self.endpoint}.{form}" if form else self.endpoint)
        return f"{path}?{query}" if query else path


def question(cube: Cube, view: View) -> Question:
    """The question of a view that is settled."""
    level = cube.level(view.shown) if view.shown else None
    drilldown = level.drilldown if level else ""
    measure = cube.measure(view.measure)
    if view.compare and measure is not None:
        left, _, right = view.compare.partition("~")
        chooses = view.compare.startswith(("phase:", "measure:"))
        several = len(cube.model["measures"]) > 1 and not chooses
        sides = {"left": left, "right": right, "drilldown": drilldown, "cut": view.whole_cut}
        order = "left:desc" if drilldown else ""
        asked = {**sides, "measure": measure.name if several else "", "order": order}
        revised = left.startswith("@")  # all members are looked at, for those that changed most
        return Question("compare", asked, WHOLE if revised else view.skip + view.size)
    asked = {"drilldown": drilldown, "cut": view.whole_cut, "aggregates": view.measure}
    if view.pivots:
        levels = (cube.level(one) for one in (*view.nested, *view.series))
        refs = dict.fromkeys(ref for one in levels if one for ref in one.drilldown.split("|"))
        order = f"{view.measure}:desc" if measure else ""
        return Question("aggregate", {**asked, "drilldown": "|".join(refs), "order": order}, MOST_ROWS)
    series = cube.level(view.second) if view.series else None
    if series is not None and level is not None:
        both = dict.fromkeys(f"{drilldown}|{series.drilldown}".split("|"))
        return Question("aggregate", {**asked, "drilldown": "|".join(both)}, WHOLE)
    order = view.order or (
        f"{level.key}:asc" if level and level.time else f"{view.measure}:desc" if level and measure else ""
    )
    return Question(
        "aggregate", {**asked, "order": order}, WHOLE if level and level.time else min(view.skip + view.size, MOST_ROWS)
    )
