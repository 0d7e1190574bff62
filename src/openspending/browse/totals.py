"""The tables of a dataset page: exact totals, whole and by the top level of each hierarchy, each with its API query."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.choices import Choice, chosen
from openspending.browse.locales import count as counted
from openspending.browse.locales import in_line, number
from openspending.browse.viewer.cube import Cube, Level, Measure
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.question import Question
from openspending.browse.viewer.rows import named
from openspending.browse.viewer.suggest import by_hierarchy
from openspending.browse.viewer.sums import Amount, amount, part, width
from openspending.browse.words import text
from openspending.client import ApiError, Client
from openspending.fdp.amounts import plain
from openspending.view import conditions

ROWS: Final = 8
TABLES: Final = 6
MEASURES: Final = 4  # columns of amounts that fit beside each other


@dataclass(frozen=True, slots=True)
class Total:
    """The exact sum of one measure. `note` is its phase and direction, as far as the model states them."""

    title: str
    amount: str
    currency: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """One member: `width` and `share` are its part of the largest amount and of the total, in per cent; `href` is its
    page, where it has one."""

    label: str
    code: str
    href: str
    amounts: tuple[str, ...]
    width: str
    share: str
    negative: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Totals by one level of a hierarchy. `more` counts the members that are not shown; `view` leads to all of them."""

    title: str
    level: str
    rows: tuple[Row, ...]
    more: int
    json: str
    csv: str
    view: str


@dataclass(frozen=True, slots=True)
class Totals:
    """All tables of a dataset page. `cut` is what was chosen; `notices` say what must be known of the sums."""

    facts: str
    measures: tuple[Total, ...]
    choices: tuple[Choice, ...]
    cut: tuple[str, ...]
    tables: tuple[Table, ...]
    notices: tuple[str, ...]
    json: str


class Questions:
    """Asks a dataset for the totals of a page. `asked` is the reader's choice, such as {"phase": "executed"}; `told`
    is the level that the page tells of otherwise, which is the first of no table."""

    def __init__(self, client: Client, place: Place, cube: Cube, asked: Mapping[str, str], *, told: str) -> None:
        self._client = client
        self._place = place
        self._cube = cube
        self._told = told if len(cube.sums) == 1 else ""
        self._sums = cube.sums[:MEASURES]
        self._chosen = chosen(cube.roles, cube.model, asked)

    @property
    def cut(self) -> tuple[str, ...]:
        """What is chosen: one kind of money of each that must not be added up."""
        return conditions(self._chosen.cut)

    async def totals(self) -> Totals:
        """The whole answer. Raises NotFound and ApiError."""
        hierarchies = [one for one in self._cube.hierarchies() if one[1][0].ref != self._told][:TABLES]
        whole = self._question({})
        answer, *tables = await asyncio.gather(
            self._ask(whole), *(self._table(title, levels) for title, levels in hierarchies)
        )
        warnings = answer["meta"].get("warnings") or ()
        return Totals(
            facts=counted(answer["summary"]["_count"]),
            measures=tuple(_total(one, answer["summary"].get(one.ref)) for one in self._sums),
            choices=self._chosen.choices,
            cut=self.cut,
            tables=tuple(one for one in tables if one is not None),
            notices=tuple(text(one.get("message"), 500) for one in warnings),
            json=whole.address(self._place.owner, self._place.versioned, "json"),
        )

    async def _table(self, title: str, levels: tuple[Level, ...]) -> Table | None:
        level = levels[0]
        order = f"{level.key}:asc" if level.time else f"{self._sums[0].ref}:desc" if self._sums else ""
        asked = self._question({"drilldown": level.drilldown, "order": order})
        try:
            answer = await self._ask(asked)
        except ApiError:  # one level that cannot be asked must not take the page with it
            return None
        cells = answer["data"]
        whole = amount(answer["summary"].get(self._sums[0].ref)) if self._sums else None
        return Table(
            title=title,
            level=level.title,
            rows=tuple(self._rows(cells, level, whole)),
            more=answer["total"] - len(cells),
            json=asked.address(self._place.owner, self._place.versioned, "json"),
            csv=asked.address(self._place.owner, self._place.versioned, "csv"),
            view=self._place.view(by_hierarchy(self._cube, levels, cut=self.cut)),
        )

    def _rows(self, cells: Sequence[Mapping[str, Any]], level: Level, whole: Amount) -> list[Row]:
        amounts = [[amount(cell.get(one.ref)) for one in self._sums] for cell in cells]
        columns = [
            in_line(["–" if row[at] is None else plain(row[at] or 0) for row in amounts])
            for at in range(len(self._sums))
        ]
        first = [row[0] if row else None for row in amounts]
        largest = max((abs(one) for one in first if one is not None), default=None)
        sound = all(one is None or one >= 0 for one in first)
        rows = []
        for place, (cell, value) in enumerate(zip(cells, first, strict=True)):
            key, share = cell[level.key], part(value, whole) if sound else ""
            rows.append(
                Row(
                    label=named(cell[level.label], level),
                    code="" if level.label == level.key or key is None or level.time else str(key),
                    href=self._place.member(level.ref, str(key)) if key not in (None, "") and not level.time else "",
                    amounts=tuple(column[place] for column in columns),
                    width=width(value, largest),
                    share=f"{number(share)} %" if share else "",
                    negative=value is not None and value < 0,
                )
            )
        return rows

    def _question(self, asked: Mapping[str, str]) -> Question:
        sums = "|".join(one.ref for one in self._sums)
        return Question("aggregate", {"cut": self._chosen.cut, "aggregates": sums, "allow": "mixed", **asked}, ROWS)

    async def _ask(self, asked: Question) -> dict[str, Any]:
        parameters = {**asked.parameters, "pagesize": str(asked.pagesize)}
        return await self._client.v1(self._place.owner, self._place.versioned, asked.endpoint, **parameters)


def _total(measure: Measure, value: object) -> Total:
    found = amount(value)
    return Total(measure.title, "–" if found is None else number(found), measure.currency, measure.kind)
