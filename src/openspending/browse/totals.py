"""The tables of a dataset page: exact totals, whole and by the top level of each hierarchy, each with its API query."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlencode

from openspending.browse.choices import Choice, chosen
from openspending.browse.languages import gettext as _
from openspending.browse.locales import count as counted
from openspending.browse.locales import in_line, number
from openspending.browse.words import heading, our_word
from openspending.client import ApiError, Client, cube_path
from openspending.fdp.amounts import plain

ROWS: Final = 12
TABLES: Final = 16
MEASURES: Final = 4  # columns of amounts that fit beside each other
IN_ORDER: Final = ("date", "time", "year", "month", "fiscal")  # shown in their own order, not by amount
FIRST: Final = ("functional", "administrative", "economic", "activity", "date", "geo")


@dataclass(frozen=True, slots=True)
class Total:
    """The exact sum of one measure. `note` is its phase and direction, as far as the model states them."""

    title: str
    amount: str
    currency: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """One member: `width` and `share` are its part of the largest amount and of the total, in per cent."""

    label: str
    code: str
    amounts: tuple[str, ...]
    width: str
    share: str
    negative: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Totals by one level of a hierarchy. `more` counts the members that are not shown."""

    title: str
    level: str
    rows: tuple[Row, ...]
    more: int
    json: str
    csv: str


@dataclass(frozen=True, slots=True)
class Same:
    """A level with one member only: the same for all facts."""

    title: str
    label: str


@dataclass(frozen=True, slots=True)
class Totals:
    """All tables of a dataset page."""

    facts: str
    measures: tuple[Total, ...]
    choices: tuple[Choice, ...]
    tables: tuple[Table, ...]
    same: tuple[Same, ...]
    json: str


class Questions:
    """Asks one cube for the totals of a page. `roles` are those of the API's model; `asked` is the reader's choice,
    such as {"phase": "executed"}."""

    def __init__(
        self,
        client: Client,
        owner: str,
        name: str,
        model: Mapping[str, Any],
        roles: Mapping[str, Any],
        asked: Mapping[str, str],
    ) -> None:
        self._client = client
        self._owner = owner
        self._name = name
        self._model = model
        self._chosen = chosen(roles, model, asked)
        self._sums = [ref for ref, one in model["aggregates"].items() if one.get("function") == "sum"][:MEASURES]

    async def totals(self) -> Totals:
        """The whole answer. Raises NotFound and ApiError."""
        levels = [one for one in self._levels() if one[1]["ref"] not in self._chosen.dimensions][:TABLES]
        summary, *found = await asyncio.gather(self._ask(), *(self._table(*one) for one in levels))
        return Totals(
            facts=counted(summary["summary"]["_count"]),
            measures=tuple(self._total(ref, summary["summary"][ref]) for ref in self._sums),
            choices=self._chosen.choices,
            tables=tuple(one for one in found if isinstance(one, Table)),
            same=tuple(one for one in found if isinstance(one, Same)),
            json=self._url(),
        )

    def _levels(self) -> list[tuple[str, Mapping[str, Any]]]:
        """(hierarchy's name, its top dimension) of every hierarchy, the classifications first."""
        dimensions, hierarchies = self._model["dimensions"], self._model["hierarchies"]
        found = [(name, dimensions[one["levels"][0]]) for name, one in hierarchies.items() if one["levels"]]

        def rank(one: tuple[str, Mapping[str, Any]]) -> int:
            return next((place for place, word in enumerate(FIRST) if one[0].startswith(word)), len(FIRST))

        return sorted(found, key=rank)

    async def _table(self, name: str, dimension: Mapping[str, Any]) -> Table | Same | None:
        order = f"{dimension['key_ref']}:asc" if name.startswith(IN_ORDER) else f"{self._sums[0]}:desc"
        asked = {"drilldown": _drilldown(dimension), "order": order, "pagesize": str(ROWS)}
        try:
            answer = await self._ask(**asked)
        except ApiError:  # one level that cannot be asked must not take the page with it
            return None
        cells, count = answer["cells"], answer["total_cell_count"]
        title = heading(self._model["hierarchies"][name].get("label") or name)
        if count == 1:
            return Same(heading(dimension["label"]), _text(cells[0][dimension["label_ref"]]))
        all_of_it = {**asked, "pagesize": "10000"}
        return Table(
            title=title,
            level=heading(dimension["label"]),
            rows=tuple(self._rows(cells, dimension, answer["summary"][self._sums[0]])),
            more=count - len(cells),
            json=self._url(**all_of_it),
            csv=self._url(**all_of_it, format="csv"),
        )

    def _rows(self, cells: Sequence[Mapping[str, Any]], dimension: Mapping[str, Any], total: Any) -> list[Row]:
        columns = [in_line(["–" if one[ref] is None else plain(one[ref]) for one in cells]) for ref in self._sums]
        first = [Decimal(one[self._sums[0]] or 0) for one in cells]
        largest = max((abs(one) for one in first), default=Decimal(0))
        meaningful = bool(total) and all(one >= 0 for one in first)
        return [
            Row(
                label=_text(cell[dimension["label_ref"]]),
                code="" if dimension["label_ref"] == dimension["key_ref"] else _text(cell[dimension["key_ref"]]),
                amounts=tuple(column[place] for column in columns),
                width=f"{abs(part) * 100 / largest:.2f}" if largest else "0",
                share=f"{number(f'{part * 100 / Decimal(total):.1f}')} %" if meaningful else "",
                negative=part < 0,
            )
            for place, (cell, part) in enumerate(zip(cells, first, strict=True))
        ]

    def _total(self, ref: str, amount: Any) -> Total:
        measure = self._model["measures"][self._model["aggregates"][ref]["measure"]]
        title = heading(measure["label"])
        notes = [str(measure[one]) for one in ("phase", "direction") if measure.get(one)]
        note = ", ".join(our_word(one) for one in notes if one.lower() != title.lower())
        shown = "–" if amount is None else number(amount)
        return Total(title, shown, str(measure.get("currency") or ""), note)

    async def _ask(self, **parameters: str) -> dict[str, Any]:
        return await self._client.aggregate(self._owner, self._name, **self._parameters(parameters))

    def _url(self, **parameters: str) -> str:
        query = urlencode(self._parameters(parameters), quote_via=quote, safe="|:,")
        return cube_path(self._owner, self._name, "aggregate") + (f"?{query}" if query else "")

    def _parameters(self, parameters: Mapping[str, str]) -> dict[str, str]:
        return {key: value for key, value in {"cut": self._chosen.cut, **parameters}.items() if value}


def _drilldown(dimension: Mapping[str, Any]) -> str:
    """The key and the label of a dimension, each once."""
    return "|".join(dict.fromkeys([dimension["key_ref"], dimension["label_ref"]]))


def _text(member: object) -> str:
    return _("(not given)") if member is None or member == "" else str(member)
