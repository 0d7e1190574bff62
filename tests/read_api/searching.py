"""Search over the demo packages, asked over HTTP, and what the facts of these come to when DuckDB adds them up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from litestar.testing import TestClient

from openspending.analytics.search.embedded import open_embedded
from openspending.analytics.search.sides import Search
from openspending.assembly import open_store
from openspending.read_api import application, searchroutes
from openspending.settings import read_settings

BASE = "https://open.example.org"
HEAP = 15_000_000  # bytes: enough for small datasets
# (currency, phase, direction) of each amount, by dataset: a column, and which rows of it
MONEY: Mapping[str, Mapping[tuple[str, str | None, str | None], tuple[str, str]]] = {
    "mexico-2015": {
        ("MXN", phase, "expenditure"): ("amount", f"phase_name = '{name}'")
        for phase, name in (
            *(("Accrued", "Accrued"), ("adjusted", "Adjusted")),
            *(("approved", "Approved"), ("executed", "Paid")),
        )
    },
    "boost-moldova": {("MDL", one, "expenditure"): (one, "true") for one in ("approved", "adjusted", "executed")},
    "suginami-2013": {("JPY", None, None): ("amount", "true")},
    "ukgov-finances-cra": {("GBP", None, None): ("amount", "true")},
}
Totals = dict[tuple[str | None, str | None, str | None], tuple[int, str]]


@dataclass(frozen=True)
class Demo:
    """The demo packages, indexed, and a client that asks for nobody."""

    client: TestClient[Any]
    folder: Path

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """The answer to a question that is right."""
        given = {name.rstrip("_"): value for name, value in parameters.items()}
        answer = self.client.get(path, params=given or None)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def lines(self, **parameters: Any) -> dict[str, Any]:
        """The answer to a search for lines."""
        return self.get("/v1/search/lines", **parameters)

    def datasets(self, **parameters: Any) -> dict[str, Any]:
        """The answer to a search for datasets."""
        return self.get("/v1/search", **parameters)

    def summed(self, dataset: str, words: str = "", where: str = "true") -> tuple[int, Totals]:
        """How many facts have these folded words in one of their texts, and what they come to."""
        (facts,) = (self.folder / "public" / "demo" / dataset).glob("derived/*/facts.parquet")
        with duckdb.connect() as connection:
            connection.execute(f"CREATE VIEW facts AS SELECT * EXCLUDE (_file, _rid) FROM '{facts}'")
            columns = connection.execute("DESCRIBE facts").fetchall()
            texts = ", ".join(f'"{name}"' for name, kind, *_ in columns if kind == "VARCHAR")
            matches = f"regexp_matches(strip_accents(lower(concat_ws(chr(10), {texts}))), '(^|\\W){words}(\\W|$)')"
            found = f"{matches if words else 'true'} AND {where}"
            (lines,) = connection.execute(f"SELECT count(*) FROM facts WHERE {found}").fetchall()[0]
            totals: Totals = {}
            for kind, (column, rows) in MONEY[dataset].items():
                sql = f"SELECT count(*), CAST(sum({column}) AS VARCHAR) FROM facts WHERE {found} AND {rows}"
                count, amount = connection.execute(sql).fetchall()[0]
                if count:
                    totals[kind] = (count, amount)
        return lines, totals


def totals_of(answer: Mapping[str, Any]) -> Totals:
    """The totals of an answer, or of a value of a facet."""
    found = {
        (one["currency"], one["phase"], one["direction"]): (one["lines"], one["amount"]) for one in answer["totals"]
    }
    assert len(found) == len(answer["totals"])
    return found


@contextmanager
def searched(data: Path, index: Path) -> Iterator[Demo]:
    """Search over what is published in the folder `data`, with indexes in `index`."""
    store = open_store(read_settings({}, data=data))
    search = Search.over(store, lambda side: open_embedded(index / side, heap=HEAP))
    try:
        search.catch_up()
        with TestClient(application.composed([searchroutes.router(search, BASE)])) as client:
            yield Demo(client, data)
    finally:
        search.close()
