"""Pivot tables without scripts: levels within each other, and every sum as the API answers it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from openspending.browse.viewer.cube import Level
from openspending.browse.viewer.nesting import Branch, Nest, Pivot, pivot
from tests.browse.reading import Browser

pytestmark = pytest.mark.slow

MEXICO = "/demo/mexico-2015/view?chart=pivot"
PAID = 'phase.phase:"executed"'


class Cells(HTMLParser):
    """The cells of a table's lines, each in all lines and columns that it spans, and the scopes of its headers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[dict[int, str]] = []
        self.scopes: list[str] = []
        self._here: list[tuple[int, int]] = []
        self._from = -1
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._from += 1
        elif tag in {"th", "td"}:
            given = dict(attrs)
            tall, wide = int(given.get("rowspan") or 1), int(given.get("colspan") or 1)
            while len(self.lines) < self._from + tall:
                self.lines.append({})
            first = next(at for at in range(1000) if at not in self.lines[self._from])
            self._here = [(line, first + at) for line in range(self._from, self._from + tall) for at in range(wide)]
            for line, at in self._here:
                self.lines[line][at] = ""
            if tag == "th":
                self.scopes.append(given.get("scope") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"th", "td"}:
            self._here = []

    def handle_data(self, data: str) -> None:
        for line, at in self._here:
            self.lines[line][at] = f"{self.lines[line][at]} {data.strip()}".strip()


def shown(browser: Browser, path: str) -> Cells:
    return Cells(browser.get(path).text.partition('<table class="view pivot">')[2].partition("</table>")[0])


def answered(browser: Browser, drilldown: str, cut: str = "") -> list[Mapping[str, str]]:
    address = "/v1/datasets/demo/mexico-2015/aggregate"
    text = browser.get(f"{address}?drilldown={drilldown}&cut={cut}&aggregates=amount.sum&pagesize=5000").text
    found: list[Mapping[str, str]] = json.loads(text)["data"]
    return found


def amount(text: str) -> Decimal:
    return Decimal(text.split(maxsplit=1)[0].replace(",", ""))


def test_every_sum_is_what_the_api_answers(browser: Browser) -> None:
    found = shown(browser, f"{MEXICO}&group=ID_FIN|ID_Funcion&series=phase|ID_TG")
    assert [len(one) for one in found.lines] == [len(found.lines[0])] * len(found.lines)
    heads = list(zip(found.lines[0].values(), found.lines[1].values(), strict=True))
    assert heads[:2] == [("Purpose", "Purpose"), ("Function", "Function")]
    assert {one for one, _ in heads[2:]} == {"Approved", "Accrued", "Adjusted", "Paid"}
    assert {"rowgroup", "colgroup", "row", "col"} == set(found.scopes)
    phases = {"Approved": "approved", "Accrued": "accrued", "Adjusted": "adjusted", "Paid": "executed"}
    purposes = {(one["ID_FIN.FIN"], one["phase.phase"]): Decimal(one["amount.sum"]) for one in answered(
        browser, "ID_FIN.FIN|phase.phase"
    )}  # fmt: skip
    sums = [line for line in found.lines[2:-1] if line[1] == "Total"]
    assert len(sums) == 3
    for line in sums:
        for at, (phase, kind) in enumerate(heads):
            if kind == "Total":
                assert amount(line[at]) == purposes[line[0].rsplit(maxsplit=1)[0], phases[phase]]
    cells = {
        (one["ID_FIN.FIN"], one["ID_Funcion.Funcion"], one["phase.phase"], one["ID_TG.Tipo_Gasto"]): Decimal(
            one["amount.sum"]
        )
        for one in answered(browser, "ID_FIN.FIN|ID_Funcion.Funcion|phase.phase|ID_TG.Tipo_Gasto")
    }
    drawn = {
        (line[0].rsplit(maxsplit=1)[0], line[1].rsplit(maxsplit=1)[0], phases[phase], kind): amount(line[at])
        for line in found.lines[2:-1]
        for at, (phase, kind) in enumerate(heads)
        if at > 1 and "Total" not in {line[1], kind} and line[at] != "–"
    }
    assert drawn == cells
    assert found.lines[-1][0] == found.lines[-1][1] == "Total"
    assert ("Total", "Total") not in heads  # budgets are not added to what was paid of them


def test_others_are_exact_and_open(browser: Browser) -> None:
    first = f"{MEXICO}&group=ID_Ramo|ID_UR&size=2&cut={PAID}"
    found = shown(browser, first)
    rest = next(line for line in found.lines if line[0].startswith("others"))
    assert rest[0] == rest[1] == "others (19)"
    assert amount(found.lines[-1][2]) == Decimal("108000034.44")
    following = shown(browser, first + "&skip=2")
    assert following.lines[-1][2] == rest[2]


def test_a_pivot_table_is_one_address_and_each_level_can_be_changed(browser: Browser) -> None:
    text = browser.get(f"{MEXICO}&group=ID_FIN&group=ID_Funcion&series=phase&series=ID_TG").text
    assert "Amount by Purpose › Function and Phase › Type of expenditure" in text
    assert 'series="phase|ID_TG"' in text
    assert text.count('name="group"') == 3
    assert text.count('name="series"') == 3
    sql = text.partition('id="use-sql"')[2].partition("</pre>")[0]
    assert all(f"&#34;{one}&#34;" in sql for one in ("FIN", "Funcion", "Tipo_Gasto"))
    refused = browser.get(f"{MEXICO}&group=ID_FIN").text
    assert "615,947,217.25" not in refused
    assert "the same money at several stages" in refused
    beside = browser.get(f"{MEXICO}&group=ID_FIN&series=ID_TG").text
    assert "&amp;series=phase|ID_TG" in beside


def grown(*cells: tuple[str | None, str, str | None], most: int = 1, adds: bool = True) -> Pivot:
    nests = [
        Nest(Level(name, name, name, name, time=False, members=None), here, most, None, down=True)
        for name, here in (("a", True), ("b", adds))
    ]
    return pivot([{"a": a, "b": b, "x": x} for a, b, x in cells], nests, (), "x", summed=True)


def ends(tree: Pivot) -> list[tuple[int, int, object]]:
    return [(len(one.path), one.hidden, tree.amount(one, tree.columns)) for one in tree.rows.ends]


def test_others_are_parted_where_they_must_not_be_added_up() -> None:
    cells = (("A", "p", "9"), ("B", "p", "3"), ("C", "p", "1.5"), ("C", "q", "1"), ("D", "q", None))
    together = ends(grown(*cells))
    assert together == [(2, 0, Decimal(9)), (1, 3, Decimal("5.5")), (0, 0, Decimal("14.5"))]
    apart = grown(*cells, adds=False)
    assert ends(apart) == [(2, 0, Decimal(9)), (2, 0, Decimal("4.5")), (2, 0, Decimal(1))]
    assert [one.hidden for one in apart.rows.parts] == [0, 3]


def test_a_member_without_a_name_and_one_that_is_called_others_stay_apart() -> None:
    tree = grown((None, "p", "1"), ("", "p", "2"), ("others", "q", "4"), most=9)
    assert ends(tree) == [(2, 0, Decimal(4)), (2, 0, Decimal(2)), (2, 0, Decimal(1)), (0, 0, Decimal(7))]
    assert Branch(()).ends == (Branch(()),)
