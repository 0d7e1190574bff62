"""What charts draw of the demo data comes to exactly what the API answers, “others” included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.slow

PAID: Final = 'phase.phase:"executed"'
PARTS: Final = ("bar", "treemap", "bubbles", "pie", "donut", "sunburst", "radar", "table")
Asked = Mapping[str, str]


def every(charts: tuple[str, ...], **asked: str) -> list[dict[str, str]]:
    return [{"chart": chart, **asked} for chart in charts]


VIEWS: Final[Mapping[str, list[dict[str, str]]]] = {
    "mexico-2015": [
        *every(PARTS, group="ID_Ramo", cut=PAID, size="6"),
        *every(("sunburst", "sankey"), group="ID_FIN|ID_Funcion", cut=PAID),
        *every(("map",), group="ID_EF", cut=PAID, size="2000"),
        *every(("bar", "sankey", "pivot"), group="ID_Ramo", series="ID_TG", cut=PAID, size="5"),
    ],
    "boost-moldova": [
        *every(PARTS, group="administrative_classification_4", measure="approved.sum"),
        *every(("bar", "table"), group="economic_classification_econ1", measure="executed.sum", size="4"),
    ],
    "suginami-2013": every(PARTS, group="category_2", size="5"),
    "ukgov-finances-cra": [
        *every(PARTS, group="region_2", size="7"),
        *every(("map",), group="region_2", size="2000"),
        *every(("line", "area", "bar", "table"), group="time_2"),
        *every(("line", "area", "pivot"), group="time_2", series="region_2"),
    ],
}
RINGS: Final = {"sankey": 2}  # flows, and the ends that they come from
_ALL: Final = """asked => {
  document.querySelector('main').replaceChildren(...asked.map(([src, attributes]) => {
    const one = document.createElement('openspending-chart');
    for (const [name, value] of Object.entries({ src, lang: 'en', ...attributes })) one.setAttribute(name, value);
    return one;
  }));
}"""
_DRAWN: Final = """() => {
  const all = [...document.querySelectorAll('openspending-chart')].map(one => one.shadowRoot);
  const there = root => root?.querySelector('[role=alert], .stage[aria-busy=false] :is(svg.chart, table)');
  return all.every(there) && all.map(root => ({
    failed: [...root.querySelectorAll('[role=alert], .notice')].map(one => one.innerText),
    marks: [...root.querySelectorAll('svg.chart [data-mark]')].map(one => one.getAttribute('aria-label')),
    rows: [...root.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.textContent.trim())),
    foot: [...root.querySelectorAll('tfoot td')].map(cell => cell.textContent.trim()),
  }));
}"""


def drawn(page: Page, dataset: str) -> list[dict[str, Any]]:
    """All views of a dataset, drawn on one page by the element that pages elsewhere use."""
    page.goto(f"/demo/{dataset}")
    page.wait_for_function("customElements.get('openspending-chart') !== undefined")
    page.evaluate(_ALL, [[f"/demo/{dataset}@1", view] for view in VIEWS[dataset]])
    found: list[dict[str, Any]] = page.wait_for_function(_DRAWN).json_value()
    return found


def answered(page: Page, dataset: str, view: Asked) -> dict[str, Any]:
    """The same question, asked of the API."""
    asked: dict[str, str | float | bool] = {
        "drilldown": view["group"].partition("|")[0],
        "aggregates": view.get("measure", "amount.sum"),
        "order": f"{view.get('measure', 'amount.sum')}:desc",
        "cut": view.get("cut", ""),
        "pagesize": "2000",
    }
    answer = page.request.get(f"/v1/datasets/demo/{dataset}@1/aggregate", params=asked)
    assert answer.ok, answer.text()
    found: dict[str, Any] = answer.json()
    return found


def spoken(label: str) -> Decimal:
    """The amount that a mark's name says: “Health: 1,200.50 EUR, 3.4 %”."""
    found = re.search(r": ([-−]?[\d,]+(?:\.\d+)?)\s[A-Z]{3}(?:, [^:]*)?$", label)
    return exact(found[1]) if found else Decimal(0)


def exact(text: str) -> Decimal:
    return Decimal(0) if text in {"–", ""} else Decimal(text.replace(",", "").replace("−", "-"))


def expected(answer: Mapping[str, Any], view: Asked) -> list[Decimal]:
    """The members that are shown, and what is left of the total; one more is never hidden behind “others” alone."""
    measure = view.get("measure", "amount.sum")
    amounts = [Decimal(row[measure] or 0) for row in answer["data"]]
    size = int(view.get("size", "12"))
    if len(amounts) <= size + 1 or view["group"] == "time_2":
        return amounts
    return [*amounts[:size], Decimal(answer["summary"][measure]) - sum(amounts[:size])]


def compare(view: Asked, shown: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    assert shown["failed"] == [] or "several years" in shown["failed"][0]
    total = Decimal(answer["summary"][view.get("measure", "amount.sum")])
    wanted = expected(answer, view)
    assert sum(wanted) == total
    marks = [spoken(one) for one in shown["marks"]]
    if "series" not in view and "|" not in view["group"]:
        assert view["chart"] == "table" or sorted(marks) == sorted(wanted)
    assert marks or view["chart"] in {"table", "pivot"}
    if marks:
        rings = 2 if "|" in view["group"] else RINGS.get(view["chart"], 1)
        assert sum(marks) == rings * total
    if "series" not in view and view["chart"] not in {"line", "area"} and "|" not in view["group"]:
        assert sorted(exact(row[1]) for row in shown["rows"]) == sorted(wanted)
    if shown["foot"] and view["chart"] == "pivot":
        assert total in {exact(one) for one in shown["foot"]}


@pytest.mark.parametrize("dataset", VIEWS)
def test_every_chart_draws_what_the_api_answers(page: Page, dataset: str) -> None:
    answers: dict[tuple[str, ...], dict[str, Any]] = {}
    for view, shown in zip(VIEWS[dataset], drawn(page, dataset), strict=True):
        key = tuple(view.get(one, "") for one in ("group", "measure", "cut"))
        answers[key] = answers.get(key) or answered(page, dataset, view)
        try:
            compare(view, shown, answers[key])
        except AssertionError as fault:
            raise AssertionError(f"{view}\n{shown}") from fault
